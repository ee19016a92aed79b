import { isTopic, isTopicPattern } from './topic-grammar.js';

/** A hub's limits for the topics of a request. */
export interface TopicLimits {
  readonly allowWildcards: boolean;
  /** Maximum number of distinct topics; undefined = no limit. */
  readonly maxTopics?: number;
  /** Set if topics are keys of a bucket. */
  readonly kvBucket?: string | undefined;
}

/**
 * Why the topics of a request are invalid, each a `400` (contract §2): no topic, a topic that violates the
 * grammar, or more distinct topics than `max_topics_per_subscription`.
 */
export type TopicError = 'none' | 'invalid' | 'too_many';

/** Distinct topics in the requested order, or the first error. */
export type RequestedTopics =
  { readonly topics: readonly string[] } | { readonly error: TopicError };

/**
 * Parses the topics of a request.
 *
 * @param queryValues - the decoded values of all `topic` parameters, in order. If there is one, even an
 *   empty one, the path is ignored.
 * @param pathRemainder - the path after the hub's path, percent-encoded as sent and without the query:
 *   `/orders/new` requests `orders.new`.
 */
export function parseTopics(
  queryValues: readonly string[],
  pathRemainder: string,
  limits: TopicLimits,
): RequestedTopics {
  const asked = queryValues.length > 0 ? queryValues : topicOfPath(pathRemainder);
  if (asked.length === 0) return { error: 'none' };
  const valid = limits.allowWildcards ? isTopicPattern : isTopic;
  const alphabet = limits.kvBucket === undefined ? 'topic' : 'key';
  if (!asked.every((topic) => valid(topic, alphabet))) return { error: 'invalid' };
  const topics = [...new Set(asked)];
  if (limits.maxTopics !== undefined && topics.length > limits.maxTopics) {
    return { error: 'too_many' };
  }
  return { topics };
}

/**
 * As in the original, leading and trailing slashes are ignored, and a double slash is an empty token, which
 * the grammar rejects. Each segment is decoded separately: `%2F` becomes a character of a topic (allowed
 * only in a bucket's key), not a separator that a proxy's path rules did not see.
 */
function topicOfPath(pathRemainder: string): string[] {
  const segments = pathRemainder.split('/');
  while (segments[0] === '') segments.shift();
  while (segments.at(-1) === '') segments.pop();
  return segments.length === 0 ? [] : [segments.map(decodeSegment).join('.')];
}

/** A segment with invalid percent-encoding stays unchanged: `%` is not in the alphabet. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
