import type { AccessOptions } from './access-options.interface.js';

/** A client's position: a stream sequence and, if known, the stored time of that message. */
export interface RequestedCursor {
  /** 0 to 2^64−3. */
  readonly sequence: bigint;
  /** ns since 1970, positive. */
  readonly timeNanos?: bigint;
  /** As the client sent it. Safe to echo: digits and at most one dash. */
  readonly text: string;
}

/** Where a stream without a cursor starts (contract §9). */
export type RequestedStart =
  | { readonly from: 'live' | 'all' | 'last' }
  /** The newest messages, up to this count. */
  | { readonly from: 'count'; readonly count: number }
  /** Messages stored within this time before the request, ns. */
  | { readonly from: 'duration'; readonly nanos: bigint }
  /** Messages stored at or after this time, ns since 1970; negative before. */
  | { readonly from: 'time'; readonly nanos: bigint };

/** The parsed and validated subscription; guards find it on the request. */
export interface RequestedSubscription {
  readonly hub: { readonly name: string; readonly path: string };
  /** Distinct topics in the requested order, without the hub's prefix. */
  readonly topics: readonly string[];
  readonly cursor?: RequestedCursor;
  /** The request's `start`, else the hub's; a cursor wins over it. Undefined = live. */
  readonly start?: RequestedStart;
  /** The hub's access settings; undefined if the hub is open to everyone. */
  readonly access?: AccessOptions;
}

/** The client's identity and rights, set by a guard. Your own guard may set it too. */
export interface Subscriber {
  /** The token's `sub`; connections are counted and closed by it. */
  readonly subject?: string;
  /**
   * What it may subscribe to: topic filters in NATS syntax, without the prefix; a single `>` or `*` means
   * everything.
   */
  readonly filters: readonly string[];
  /** What it may publish to, in the same syntax; undefined = nothing. */
  readonly publish?: readonly string[];
  /** The service subjects that it may send requests to, in the same syntax; undefined = none. */
  readonly request?: readonly string[];
  /** The topics whose subscribers it may list, in the same syntax; undefined = none. */
  readonly presence?: readonly string[];
  /** When these rights expire, ms since 1970. */
  readonly expiresAtMs?: number;
  /** Called about once per second: true ends an open stream early. Must be cheap and must not throw. */
  readonly isRevoked?: () => boolean;
}
