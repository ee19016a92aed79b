import { Injectable } from '@nestjs/common';
import { InvalidTokenError } from './auth.errors.js';
import type { AccessAction, RequestedAccess } from './requested-access.interface.js';
import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';
import type { VerifiedToken } from './token-claims.js';
import { filtersCover, parseTopicFilter } from './topic-filter.js';
import type { TopicPolicy } from './topic-policy.interface.js';

/** Maximum number of filters per claim. */
export const MAX_FILTERS = 128;

/**
 * Reads the claim with the name of the requested action: one topic filter in NATS syntax, or a list of up
 * to 128 (contract §6). Without `subscribe` the token is invalid (`401`); without another action's claim,
 * that action is not allowed (`403`).
 */
@Injectable()
export class ClaimTopicPolicy implements TopicPolicy {
  /** @throws InvalidTokenError for a malformed claim, or a missing `subscribe` for that action */
  subscriberOf(token: VerifiedToken, requested?: RequestedAccess): Subscriber {
    return {
      ...rights(token.claims, requested?.action ?? 'subscribe'),
      ...(token.subject !== undefined && { subject: token.subject }),
      ...(token.expiresAtMs !== undefined && { expiresAtMs: token.expiresAtMs }),
    };
  }

  allows(subscriber: Subscriber, requested: RequestedAccess | RequestedSubscription): boolean {
    const action = 'action' in requested ? requested.action : 'subscribe';
    const given = action === 'subscribe' ? subscriber.filters : (subscriber[action] ?? []);
    // An invalid filter set by another guard allows nothing.
    const filters = given.flatMap((text) => parseTopicFilter(text) ?? []);
    return requested.topics.every((topic) => filtersCover(filters, topic));
  }
}

type Rights = Pick<Subscriber, 'filters' | 'publish' | 'request' | 'presence'>;

/** Reads the requested action's claim only: errors in other claims do not affect this request. */
function rights(claims: Readonly<Record<string, unknown>>, action: AccessAction): Rights {
  if (action === 'subscribe') return { filters: filtersOf(claims, action) };
  if (!Object.hasOwn(claims, action)) return { filters: [] };
  return { filters: [], [action]: filtersOf(claims, action) };
}

function filtersOf(
  claims: Readonly<Record<string, unknown>>,
  action: AccessAction,
): readonly string[] {
  const claim = claims[action];
  const filters: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  if (filters.length === 0 || filters.length > MAX_FILTERS || !filters.every(isFilter)) {
    throw new InvalidTokenError(`claim_${action}`);
  }
  return filters;
}

function isFilter(value: unknown): value is string {
  return typeof value === 'string' && parseTopicFilter(value) !== undefined;
}
