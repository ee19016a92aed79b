import type { RequestedCursor } from '@nuts/auth';

/** Highest cursor: cursor + 1 is a start sequence, and that one has to have a successor in 64 bits. */
export const MAX_CURSOR_SEQUENCE = 2n ** 64n - 3n;
/** NATS keeps time as signed 64-bit nanoseconds. */
export const MAX_CURSOR_NANOS = 2n ** 63n - 1n;

// The length is bounded before anything is parsed: BigInt() of a long text is quadratic.
const CURSOR = /^(\d{1,20})(?:-(\d{1,20}))?$/;

/** What a request says about where it stands; repeated values in the order they came. */
export interface CursorSources {
  /** Decoded values of `last-id`. */
  readonly query: readonly string[];
  /**
   * Values of `Last-Event-ID`, each for itself: Node's `headersDistinct` has them. `headers` joins
   * repeated ones with a comma, and that is no cursor.
   */
  readonly header: readonly string[];
}

/** The cursor to go on from, if any; or the mistake that is a `400` (contract §2). */
export type ChosenCursor =
  | {
      readonly cursor?: RequestedCursor;
      /** A malformed header that was ignored, cut to 64 characters: for the log. */
      readonly ignoredHeader?: string;
    }
  | { readonly mistake: 'invalid_last_id' };

/**
 * Parses `N` or `N-<unix ns>`: N at most 2^64-3, the time positive and at most 2^63-1, each at most
 * 20 digits. Leading zeros are accepted, and `text` keeps them: what is echoed is what the client
 * sent, and the pattern makes it safe to echo. Undefined when it is no cursor.
 */
export function parseCursor(text: string): RequestedCursor | undefined {
  const match = CURSOR.exec(text);
  if (match?.[1] === undefined) return undefined;
  const sequence = BigInt(match[1]);
  if (sequence > MAX_CURSOR_SEQUENCE) return undefined;
  if (match[2] === undefined) return { sequence, text };
  const timeNanos = BigInt(match[2]);
  if (timeNanos === 0n || timeNanos > MAX_CURSOR_NANOS) return undefined;
  return { sequence, timeNanos, text };
}

/**
 * Chooses the cursor of a request. The header wins over the query when both are valid, because
 * `EventSource` resends its first URL on every reconnect, next to a fresher header. A malformed query
 * is a mistake even then; a malformed header is ignored, since a browser would resend it for ever.
 * Empty counts as absent, and of repeated ones the first counts.
 */
export function chooseCursor(sources: CursorSources): ChosenCursor {
  const queryText = sources.query[0] ?? '';
  const fromQuery = queryText === '' ? undefined : parseCursor(queryText);
  if (queryText !== '' && fromQuery === undefined) return { mistake: 'invalid_last_id' };
  const headerText = sources.header[0] ?? '';
  if (headerText === '') return { cursor: fromQuery };
  const fromHeader = parseCursor(headerText);
  if (fromHeader === undefined) {
    return { cursor: fromQuery, ignoredHeader: headerText.slice(0, 64) };
  }
  return { cursor: fromHeader };
}
