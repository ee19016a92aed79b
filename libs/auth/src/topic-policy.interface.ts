import { Inject } from '@nestjs/common';
import type { RequestedAccess } from './requested-access.interface.js';
import type { Subscriber } from './requested-subscription.interface.js';
import type { VerifiedToken } from './token-claims.js';

/**
 * Decides which actions are allowed on which topics. `requested.action` is `subscribe`, `publish`,
 * `request` or `presence`. Bind the injection token of the same name to replace the default.
 */
export interface TopicPolicy {
  /**
   * The subscriber for a verified token, with its rights for the requested action.
   *
   * @throws InvalidTokenError if its claims are missing or malformed: `401`
   */
  subscriberOf(token: VerifiedToken, requested: RequestedAccess): Subscriber | Promise<Subscriber>;

  /**
   * Whether the subscriber may perform the action on every requested topic; false results in `403`. A
   * policy that ignores the action allows publishing wherever it allows subscribing.
   */
  allows(subscriber: Subscriber, requested: RequestedAccess): boolean | Promise<boolean>;
}

export const TopicPolicy = Symbol('TopicPolicy');
export const InjectTopicPolicy = (): ParameterDecorator & PropertyDecorator => Inject(TopicPolicy);
