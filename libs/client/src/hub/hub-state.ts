/** What the hub's connection is doing. */
export type HubState =
  /** A request is on its way. */
  | { readonly name: 'connecting' }
  /** Events arrive. */
  | { readonly name: 'open' }
  /** The connection is lost, or was not made; the next attempt begins after `retryInMs`. */
  | { readonly name: 'waiting'; readonly retryInMs: number; readonly reason: string }
  /** The server refused for good. The next `subscribe` tries again. */
  | { readonly name: 'refused'; readonly status: number; readonly reason: string }
  /** Nothing is subscribed, or `close()` was called. */
  | { readonly name: 'closed' };

export const CONNECTING: HubState = { name: 'connecting' };
export const OPEN: HubState = { name: 'open' };
export const CLOSED: HubState = { name: 'closed' };
