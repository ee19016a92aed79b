/** The state of a hub's connection. */
export type HubState =
  /** A request was sent. */
  | { readonly name: 'connecting' }
  /** Events arrive. */
  | { readonly name: 'open' }
  /** The connection was lost or failed; the next attempt starts after `retryInMs`. */
  | { readonly name: 'waiting'; readonly retryInMs: number; readonly reason: string }
  /** The server refused permanently. The next `subscribe` tries again. */
  | { readonly name: 'refused'; readonly status: number; readonly reason: string }
  /** There are no subscriptions, or `close()` was called. */
  | { readonly name: 'closed' };

export const CONNECTING: HubState = { name: 'connecting' };
export const OPEN: HubState = { name: 'open' };
export const CLOSED: HubState = { name: 'closed' };
