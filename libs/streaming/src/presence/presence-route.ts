import type { HubMatch } from '../hub/stream-request.interface.js';

/** The internal route for the presence of all hubs; see `STREAM_ROUTE`. */
export const PRESENCE_ROUTE = '/nuts→presence';

/** Whether a request asks for presence, which wins over the path shorthand if the hub enables it. */
export function isPresenceRequest({ hub, rest }: HubMatch): boolean {
  return hub.options.presence && (rest === '/presence' || rest === '/presence/');
}
