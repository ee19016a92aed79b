import { Inject } from '@nestjs/common';
import type { RequestedAccess } from './requested-access.interface.js';
import type { Subscriber } from './requested-subscription.interface.js';
import type { VerifiedToken } from './token-claims.js';

/**
 * Who may do what with which topics. `requested.action` is `subscribe`, `publish`, `request` or
 * `presence`. Bind the token of the same name to replace the default.
 */
export interface TopicPolicy {
  /**
   * The subscriber that a true token makes, with its rights for the action that is asked for.
   *
   * @throws InvalidTokenError when its claims do not say what it allows: `401`
   */
  subscriberOf(token: VerifiedToken, requested: RequestedAccess): Subscriber | Promise<Subscriber>;

  /**
   * Whether the subscriber may do what is asked with every topic that is asked for; false is `403`.
   * A policy that ignores the action allows publishing wherever it allows subscribing.
   */
  allows(subscriber: Subscriber, requested: RequestedAccess): boolean | Promise<boolean>;
}

export const TopicPolicy = Symbol('TopicPolicy');
export const InjectTopicPolicy = (): ParameterDecorator & PropertyDecorator => Inject(TopicPolicy);
