import type { AccessOptions } from './access-options.interface.js';

/** A client's position: stream sequence, and the stored time of that message when it knows it. */
export interface RequestedCursor {
  /** 0 to 2^64-3. */
  readonly sequence: bigint;
  /** ns since 1970, positive. */
  readonly timeNanos?: bigint;
  /** As the client wrote it; safe to echo: digits, and at most one dash. */
  readonly text: string;
}

/** Where a stream starts without a cursor (contract §9). */
export type RequestedStart =
  | { readonly from: 'live' | 'all' | 'last' }
  /** The newest messages, so many. */
  | { readonly from: 'count'; readonly count: number }
  /** What was stored since so long before the request, ns. */
  | { readonly from: 'duration'; readonly nanos: bigint }
  /** What was stored at or after this moment, ns since 1970; negative before. */
  | { readonly from: 'time'; readonly nanos: bigint };

/** What a request asks for, parsed and validated: guards find it on the request. */
export interface RequestedSubscription {
  readonly hub: { readonly name: string; readonly path: string };
  /** Distinct topics in the order asked, without the hub's prefix. */
  readonly topics: readonly string[];
  readonly cursor?: RequestedCursor;
  /** The request's own `start`, else the hub's; a cursor wins over it. Undefined = live. */
  readonly start?: RequestedStart;
  /** The hub's access settings; undefined when the hub is open to everybody. */
  readonly access?: AccessOptions;
}

/** Who asks, as a guard found out. A company's guard may set its own. */
export interface Subscriber {
  /** The token's `sub`: counts connections per client, and closes them by name. */
  readonly subject?: string;
  /**
   * What it may subscribe to: topic filters in NATS syntax, without the prefix; `>` or `*` alone is
   * everything.
   */
  readonly filters: readonly string[];
  /** What it may publish to, in the same syntax; undefined = nothing. */
  readonly publish?: readonly string[];
  /** Which service subjects it may send requests to, in the same syntax; undefined = none. */
  readonly request?: readonly string[];
  /** Which topics' subscribers it may read, in the same syntax; undefined = none. */
  readonly presence?: readonly string[];
  /** When these rights end, ms since 1970. */
  readonly expiresAtMs?: number;
  /** Asked about once a second: true ends an open stream before its time. Cheap, and never throws. */
  readonly isRevoked?: () => boolean;
}
