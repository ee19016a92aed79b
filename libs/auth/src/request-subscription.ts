import type { RequestedAccess } from './requested-access.interface.js';
import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';

// Symbols, so that no header, body parser or other middleware can set them.
const ACCESS = Symbol('nuts.access');
const SUBSCRIBER = Symbol('nuts.subscriber');

interface Carrier {
  [ACCESS]?: RequestedAccess;
  [SUBSCRIBER]?: Subscriber;
}

/** What the request asks for, with its `action`; undefined if its route belongs to neither a hub nor a service. */
export function getRequestedAccess(request: object): RequestedAccess | undefined {
  return (request as Carrier)[ACCESS];
}

/** For the HTTP layer, before any guard runs. */
export function setRequestedAccess(request: object, requested: RequestedAccess): void {
  (request as Carrier)[ACCESS] = requested;
}

/**
 * Like {@link getRequestedAccess}, for every action. A guard that checks only topics therefore also refuses
 * forbidden topics in publish requests.
 */
export function getRequestedSubscription(request: object): RequestedSubscription | undefined {
  return getRequestedAccess(request);
}

/** For the HTTP layer, before any guard runs; sets the action `subscribe`. */
export function setRequestedSubscription(request: object, requested: RequestedSubscription): void {
  setRequestedAccess(request, { ...requested, action: 'subscribe' });
}

/** The subscriber that a guard determined; always undefined on an open hub. */
export function getSubscriber(request: object): Subscriber | undefined {
  return (request as Carrier)[SUBSCRIBER];
}

/** For your own guard that runs before `NutsAuthGuard`: this identity replaces the token. */
export function setSubscriber(request: object, subscriber: Subscriber): void {
  (request as Carrier)[SUBSCRIBER] = subscriber;
}
