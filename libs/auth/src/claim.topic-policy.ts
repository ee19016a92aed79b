import { Injectable } from '@nestjs/common';
import { InvalidTokenError } from './auth.errors.js';
import type { AccessAction, RequestedAccess } from './requested-access.interface.js';
import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';
import type { VerifiedToken } from './token-claims.js';
import { filtersCover, parseTopicFilter } from './topic-filter.js';
import type { TopicPolicy } from './topic-policy.interface.js';

/** Most filters in one claim. */
export const MAX_FILTERS = 128;

/**
 * Reads the claim that is named after the requested action: one topic filter in NATS syntax, or a list
 * of up to 128 (contract §6). A missing `subscribe` makes the token invalid (`401`); a missing claim of
 * another action allows nothing (`403`).
 */
@Injectable()
export class ClaimTopicPolicy implements TopicPolicy {
  /** @throws InvalidTokenError for a malformed claim, and for a missing `subscribe` when the action is that */
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
    // A filter that another guard misspelt allows nothing.
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
