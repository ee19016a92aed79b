import type { CursorStorage } from '../cursor/cursor-storage.interface.js';

/** Options of {@link connect}. */
export interface ConnectOptions {
  /**
   * Returns the subscriber's token. Called for each connection, when the server announces that the token
   * expires, and once more after a `401`. Without it, cookies and `credentials` apply. A call that takes
   * longer than 10 s counts as failed; a failed call is repeated with the reconnect delay.
   */
  readonly token?: () => string | Promise<string>;
  /** Whether cross-origin requests include cookies. Default `same-origin`, as for `fetch`. */
  readonly credentials?: 'include' | 'omit' | 'same-origin';
  /**
   * Where to store the position of each topic, for example `sessionStorage`: after a reload, a subscription
   * continues where the page was before. Default: not stored.
   */
  readonly cursor?: CursorStorage;
  /**
   * The hub's `heartbeat_interval` in ms. A connection that is silent for 2.5 times as long is replaced.
   * Default 30 000.
   */
  readonly heartbeatMs?: number;
  /**
   * Whether all tabs of the browser share one connection to the hub. One tab holds it, and another takes
   * over if that one closes, crashes or freezes. Without Web Locks or BroadcastChannel, each tab has its
   * own. All tabs must have the same user: the connection uses the token of the tab that holds it.
   */
  readonly share?: boolean;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof fetch;
}
