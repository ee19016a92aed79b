import { Inject } from '@nestjs/common';
import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';
import type { VerifiedToken } from './token-claims.js';

/** Who may listen to what. Bind the token of the same name to replace the default. */
export interface TopicPolicy {
  /**
   * The subscriber that a true token makes.
   *
   * @throws InvalidTokenError when its claims do not say what it allows: `401`
   */
  subscriberOf(
    token: VerifiedToken,
    requested: RequestedSubscription,
  ): Subscriber | Promise<Subscriber>;

  /** Whether the subscriber may have every topic that is asked for; false is `403`. */
  allows(subscriber: Subscriber, requested: RequestedSubscription): boolean | Promise<boolean>;
}

export const TopicPolicy = Symbol('TopicPolicy');
export const InjectTopicPolicy = (): ParameterDecorator & PropertyDecorator => Inject(TopicPolicy);
