import type { RequestedAccess } from './requested-access.interface.js';
import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';

// Symbols: no header, body parser or other middleware can set them by accident or by malice.
const ACCESS = Symbol('nuts.access');
const SUBSCRIBER = Symbol('nuts.subscriber');

interface Carrier {
  [ACCESS]?: RequestedAccess;
  [SUBSCRIBER]?: Subscriber;
}

/**
 * What the request asks for, with its `action`; undefined when its route belongs to no hub and to no
 * service.
 */
export function getRequestedAccess(request: object): RequestedAccess | undefined {
  return (request as Carrier)[ACCESS];
}

/** For the HTTP edge, before any guard runs. */
export function setRequestedAccess(request: object, requested: RequestedAccess): void {
  (request as Carrier)[ACCESS] = requested;
}

/**
 * The same as {@link getRequestedAccess}, for every action: a guard that checks only topics also
 * refuses foreign topics to requests that publish.
 */
export function getRequestedSubscription(request: object): RequestedSubscription | undefined {
  return getRequestedAccess(request);
}

/** For the HTTP edge, before any guard runs, with the action `subscribe`. */
export function setRequestedSubscription(request: object, requested: RequestedSubscription): void {
  setRequestedAccess(request, { ...requested, action: 'subscribe' });
}

/** Who asks, as far as a guard has found out; always undefined on a hub that is open to everybody. */
export function getSubscriber(request: object): Subscriber | undefined {
  return (request as Carrier)[SUBSCRIBER];
}

/** For a guard of your own that runs before `NutsAuthGuard`: this identity then replaces the token. */
export function setSubscriber(request: object, subscriber: Subscriber): void {
  (request as Carrier)[SUBSCRIBER] = subscriber;
}
