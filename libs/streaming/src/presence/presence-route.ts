import type { HubMatch } from '../hub/stream-request.interface.js';

/** The route behind all hubs' presence; reached as `STREAM_ROUTE` is, and no other way. */
export const PRESENCE_ROUTE = '/nuts→presence';

/** Whether a request asks who is there: it wins over the path shorthand where the hub allows it. */
export function asksPresence({ hub, rest }: HubMatch): boolean {
  return hub.options.presence && (rest === '/presence' || rest === '/presence/');
}
