import type { RequestedSubscription } from './requested-subscription.interface.js';

/**
 * What a request does with its topics: subscribe to them (contract §6), publish to one (§10), send a
 * request to the service behind one (§11), or list their subscribers (§14). Each action has a claim with
 * the same name.
 */
export type AccessAction = 'subscribe' | 'publish' | 'request' | 'presence';

/**
 * What a request asks for, with its action. Guards read it with `getRequestedAccess`. Only `subscribe` has
 * a cursor; for `request`, `hub` is the entry in `services:`.
 */
export interface RequestedAccess extends RequestedSubscription {
  readonly action: AccessAction;
}
