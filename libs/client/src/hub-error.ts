/** The kind of failure. */
export type HubErrorKind =
  /** The hub or the service refused: see `status` and `reason`. */
  | 'refused'
  /** The request failed, or its response was cut off: it may be repeated. */
  | 'unreachable'
  /** The token function failed, or did not respond in time. */
  | 'token'
  /** A service replied with an error of its own (contract §11). */
  | 'service'
  /** The hub was closed with `close()`. */
  | 'closed';

/** Every error of this package. */
export class HubError extends Error {
  override readonly name = 'HubError';

  constructor(
    readonly kind: HubErrorKind,
    /** The server's own text, if any. */
    readonly reason: string,
    /** HTTP status, or the code of a service error; 0 without a response. */
    readonly status = 0,
    /** The server's `Retry-After`, in ms. */
    readonly retryAfterMs?: number,
  ) {
    super(status === 0 ? reason : `${status} ${reason}`);
  }
}

/** Statuses that waiting does not change: the URL, the topics or the token are wrong. */
const FINAL = new Set([400, 401, 403, 404, 405, 406]);

/** Whether a retry is useless. */
export function isFinal({ status }: HubError): boolean {
  return FINAL.has(status);
}

/** Converts a thrown value to a {@link HubError}. */
export function toHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  return new HubError('unreachable', error instanceof Error ? error.message : String(error));
}
