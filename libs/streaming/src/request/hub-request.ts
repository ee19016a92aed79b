import type { StreamHub } from '../hub/stream-request.interface.js';

const HUB = Symbol('NutsHub');

/** A request that the middleware has sent to a hub's stream. */
interface HubRequest {
  [HUB]?: StreamHub;
}

/** Remembers whose stream a request asks for, so that nothing after the middleware looks again. */
export function setRequestedHub(request: object, hub: StreamHub): void {
  (request as HubRequest)[HUB] = hub;
}

/** The hub whose stream the request asks for; undefined when the middleware did not let it in. */
export function requestedHub(request: object): StreamHub | undefined {
  return (request as HubRequest)[HUB];
}
