/** The rules for a write request; the HTTP layer sets them before the guards run. */
export interface WriteRules {
  /** Path of the hub or service, as part of a client's rate key. */
  readonly target: string;
  /** Whether everyone may write: then there are no credentials that another site could abuse. */
  readonly anonymous: boolean;
  /** Origins that may write with a user's cookies, besides the service's own; `*` has no effect. */
  readonly origins: readonly string[];
  /** Largest body in bytes. */
  readonly maxBytes: number;
  /** Messages per second and client; undefined = no limit. */
  readonly rate?: number;
}

// A symbol, so that no header, body parser or other middleware can set it.
const RULES = Symbol('nuts.write-rules');

interface Carrier {
  [RULES]?: WriteRules;
}

/** For the HTTP layer, before any guard runs. */
export function setWriteRules(request: object, rules: WriteRules): void {
  (request as Carrier)[RULES] = rules;
}

/** The rules of a request; undefined if it does not write. */
export function getWriteRules(request: object): WriteRules | undefined {
  return (request as Carrier)[RULES];
}
