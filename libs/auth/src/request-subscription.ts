import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';

// Symbols: no header, body parser or other middleware can set them by accident or by malice.
const SUBSCRIPTION = Symbol('nuts.subscription');
const SUBSCRIBER = Symbol('nuts.subscriber');

interface Carrier {
  [SUBSCRIPTION]?: RequestedSubscription;
  [SUBSCRIBER]?: Subscriber;
}

/** What the request asks for; undefined when its route is no hub. */
export function getRequestedSubscription(request: object): RequestedSubscription | undefined {
  return (request as Carrier)[SUBSCRIPTION];
}

/** For the HTTP edge, before any guard runs. */
export function setRequestedSubscription(request: object, requested: RequestedSubscription): void {
  (request as Carrier)[SUBSCRIPTION] = requested;
}

/** Who asks, as far as a guard has found out; always undefined on a hub that is open to everybody. */
export function getSubscriber(request: object): Subscriber | undefined {
  return (request as Carrier)[SUBSCRIBER];
}

/** For a guard of your own that runs before `NutsAuthGuard`: this identity then replaces the token. */
export function setSubscriber(request: object, subscriber: Subscriber): void {
  (request as Carrier)[SUBSCRIBER] = subscriber;
}
