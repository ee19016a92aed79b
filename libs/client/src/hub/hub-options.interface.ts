import type { CursorStorage } from '../cursor/cursor-storage.interface.js';

/** How {@link connect} reaches a hub. */
export interface ConnectOptions {
  /**
   * The subscriber's token. Asked anew for each connection, when the server announces that the token
   * expires, and once more after a `401`. Without it, cookies and `credentials` decide. A call that
   * takes longer than 10 s counts as failed; a failed one is repeated with the reconnect's delay.
   */
  readonly token?: () => string | Promise<string>;
  /** Whether cookies go with requests to another origin. Default `same-origin`, as for `fetch`. */
  readonly credentials?: 'include' | 'omit' | 'same-origin';
  /**
   * Where the position of each topic is kept, such as `sessionStorage`: a subscription of a page that
   * was loaded again goes on where the page before it was. Default: not kept.
   */
  readonly cursor?: CursorStorage;
  /** The hub's `heartbeat_interval` in ms. A connection silent for 2.5 times as long is replaced. Default 30 000. */
  readonly heartbeatMs?: number;
  /**
   * Whether all tabs of the browser share one connection to the hub: one of them holds it, and another goes on
   * when that one closes, crashes or stands still. Where Web Locks or BroadcastChannel are missing, each tab
   * has its own. Tabs that share have one user: the connection bears the token of the tab that holds it.
   */
  readonly share?: boolean;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof fetch;
}
