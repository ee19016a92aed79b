import { UseInterceptors } from '@nestjs/common';
import { HubLinkInterceptor, hubLinkInterceptor } from './hub-link.interceptor.js';

/**
 * Adds `Link: <hub_url>; rel="nuts"` to the answers of a controller or a route, so that clients of a
 * resource can find the stream of its changes. The controller's module must import `StreamingModule`,
 * unless that is global (`isGlobal: true`).
 *
 * @param hubs names or paths; none = all hubs of the application. An unknown hub fails the application's
 *   start.
 */
export function HubLink(...hubs: readonly string[]): ClassDecorator & MethodDecorator {
  return UseInterceptors(hubs.length === 0 ? HubLinkInterceptor : hubLinkInterceptor(hubs));
}
