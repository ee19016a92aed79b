import { Injectable } from '@nestjs/common';
import { InvalidTokenError } from './auth.errors.js';
import type { RequestedSubscription, Subscriber } from './requested-subscription.interface.js';
import type { VerifiedToken } from './token-claims.js';
import { filtersCover, parseTopicFilter } from './topic-filter.js';
import type { TopicPolicy } from './topic-policy.interface.js';

/** Most filters in one token. */
export const MAX_FILTERS = 128;

/** Claim `subscribe`: one topic filter in NATS syntax, or a list of up to 128 (contract §6). */
@Injectable()
export class SubscribeClaimTopicPolicy implements TopicPolicy {
  subscriberOf(token: VerifiedToken): Subscriber {
    return {
      filters: subscribeClaim(token.claims),
      ...(token.subject !== undefined && { subject: token.subject }),
      ...(token.expiresAtMs !== undefined && { expiresAtMs: token.expiresAtMs }),
    };
  }

  allows(subscriber: Subscriber, requested: RequestedSubscription): boolean {
    // A filter that another guard misspelt allows nothing.
    const filters = subscriber.filters.flatMap((text) => parseTopicFilter(text) ?? []);
    return requested.topics.every((topic) => filtersCover(filters, topic));
  }
}

function subscribeClaim(claims: Readonly<Record<string, unknown>>): readonly string[] {
  const claim = claims['subscribe'];
  const filters: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  if (filters.length === 0 || filters.length > MAX_FILTERS || !filters.every(isFilter)) {
    throw new InvalidTokenError('claim_subscribe');
  }
  return filters;
}

function isFilter(value: unknown): value is string {
  return typeof value === 'string' && parseTopicFilter(value) !== undefined;
}
