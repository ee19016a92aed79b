import type { RequestedCursor } from '@nuts/auth';

/** Highest cursor: cursor + 1 is a start sequence, whose successor must also fit into 64 bits. */
export const MAX_CURSOR_SEQUENCE = 2n ** 64n - 3n;
/** NATS stores times as signed 64-bit nanoseconds. */
export const MAX_CURSOR_NANOS = 2n ** 63n - 1n;

// Limits the length before parsing: BigInt() of a long text takes quadratic time.
const CURSOR = /^(\d{1,20})(?:-(\d{1,20}))?$/;

/** Where a request may state its cursor; repeated values in order of arrival. */
export interface CursorSources {
  /** Decoded values of `last-id`. */
  readonly query: readonly string[];
  /**
   * The values of `Last-Event-ID`, from Node's `headersDistinct`. `headers` would join repeated ones with a
   * comma, which is not a valid cursor.
   */
  readonly header: readonly string[];
}

/** The cursor to resume from, if any, or the error for a `400` (contract §2). */
export type ChosenCursor =
  | {
      readonly cursor?: RequestedCursor;
      /** A malformed header that was ignored, truncated to 64 characters; for the log. */
      readonly ignoredHeader?: string;
    }
  | { readonly error: 'invalid_last_id' };

/**
 * Parses `N` or `N-<unix ns>`: N is at most 2^64−3, the time is positive and at most 2^63−1, each has at
 * most 20 digits. Leading zeros are accepted and kept in `text`, so that the echoed cursor equals the sent
 * one; the pattern makes it safe to echo. Undefined if it is invalid.
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
 * Chooses the cursor of a request. If both are valid, the header wins over the query, because `EventSource`
 * resends its first URL on every reconnect together with a newer header. A malformed query is an error even
 * then. A malformed header is ignored, because a browser would resend it indefinitely. Empty values count
 * as absent, and the first of repeated ones counts.
 */
export function chooseCursor(sources: CursorSources): ChosenCursor {
  const queryText = sources.query[0] ?? '';
  const fromQuery = queryText === '' ? undefined : parseCursor(queryText);
  if (queryText !== '' && fromQuery === undefined) return { error: 'invalid_last_id' };
  const headerText = sources.header[0] ?? '';
  if (headerText === '') return { cursor: fromQuery };
  const fromHeader = parseCursor(headerText);
  if (fromHeader === undefined) {
    return { cursor: fromQuery, ignoredHeader: headerText.slice(0, 64) };
  }
  return { cursor: fromHeader };
}
