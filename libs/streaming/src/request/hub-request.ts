import type { StreamHub } from '../hub/stream-request.interface.js';

const HUB = Symbol('NutsHub');

/** A request that the middleware routed to a hub's stream. */
interface HubRequest {
  [HUB]?: StreamHub;
}

/** Stores the hub of a request, so that later steps need not match the path again. */
export function setRequestedHub(request: object, hub: StreamHub): void {
  (request as HubRequest)[HUB] = hub;
}

/** The hub whose stream the request asks for; undefined if the middleware did not route it. */
export function requestedHub(request: object): StreamHub | undefined {
  return (request as HubRequest)[HUB];
}
