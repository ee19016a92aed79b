/** What applies to a request that writes; its edge puts it on the request before the guards run. */
export interface WriteRules {
  /** Names what is written to, as part of a client's rate key: a hub's or a service's path. */
  readonly target: string;
  /** Whether everybody may write: then there are no credentials that another site could abuse. */
  readonly anonymous: boolean;
  /** Origins that may write with a user's cookies, besides the service's own; `*` names none. */
  readonly origins: readonly string[];
  /** Largest body in bytes. */
  readonly maxBytes: number;
  /** Messages a second for each client; undefined = no limit. */
  readonly rate?: number;
}

// A symbol: no header, body parser or other middleware can set it.
const RULES = Symbol('nuts.write-rules');

interface Carrier {
  [RULES]?: WriteRules;
}

/** For the HTTP edge, before any guard runs. */
export function setWriteRules(request: object, rules: WriteRules): void {
  (request as Carrier)[RULES] = rules;
}

/** The rules of a request; undefined when it does not write. */
export function getWriteRules(request: object): WriteRules | undefined {
  return (request as Carrier)[RULES];
}
