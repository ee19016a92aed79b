/** Which promise of the hub was not kept. */
export type HubErrorKind =
  /** The hub or the service refused: see `status` and `reason`. */
  | 'refused'
  /** The request failed, or its answer was cut short: it may be repeated. */
  | 'unreachable'
  /** The token function failed, or did not answer in time. */
  | 'token'
  /** A service answered with an error of its own (contract §11). */
  | 'service'
  /** The hub was closed with `close()`. */
  | 'closed';

/** Every error of this package. */
export class HubError extends Error {
  override readonly name = 'HubError';

  constructor(
    readonly kind: HubErrorKind,
    /** The server's own words where there are any. */
    readonly reason: string,
    /** HTTP status, or the code of a service error; 0 where there was no answer. */
    readonly status = 0,
    /** Milliseconds after which the server asks to try again. */
    readonly retryAfterMs?: number,
  ) {
    super(status === 0 ? reason : `${status} ${reason}`);
  }
}

/** Statuses that do not go away by waiting: the address, the topics or the token are wrong. */
const FINAL = new Set([400, 401, 403, 404, 405, 406]);

/** Whether to repeat what failed is useless. */
export function isFinal({ status }: HubError): boolean {
  return FINAL.has(status);
}

/** What was thrown, as a {@link HubError}. */
export function toHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  return new HubError('unreachable', error instanceof Error ? error.message : String(error));
}
