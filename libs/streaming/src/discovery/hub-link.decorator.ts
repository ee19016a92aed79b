import { UseInterceptors } from '@nestjs/common';
import { HubLinkInterceptor, hubLinkInterceptor } from './hub-link.interceptor.js';

/**
 * Puts `Link: <hub_url>; rel="nuts"` on the answers of a controller or of one route, so that a client
 * that has read a resource finds where its changes are streamed. The module of the controller has to
 * see `StreamingModule`: import it there, or make it global (`isGlobal: true`).
 *
 * @param hubs names or paths; none = all hubs of the application. One that does not exist stops the
 * application's start.
 */
export function HubLink(...hubs: readonly string[]): ClassDecorator & MethodDecorator {
  return UseInterceptors(hubs.length === 0 ? HubLinkInterceptor : hubLinkInterceptor(hubs));
}
