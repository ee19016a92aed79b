import { isTopic, isTopicPattern } from './topic-grammar.js';

/** What a hub allows in a request. */
export interface TopicLimits {
  readonly allowWildcards: boolean;
  /** Most distinct topics; undefined = no limit. */
  readonly maxTopics?: number;
  /** Set when topics are keys of a bucket. */
  readonly kvBucket?: string | undefined;
}

/**
 * Why the topics of a request cannot be served, each a `400` (contract §2): no topic, a topic
 * against the grammar, more distinct topics than `max_topics_per_subscription`.
 */
export type TopicMistake = 'none' | 'invalid' | 'too_many';

/** Distinct topics in the order asked, or the first mistake. */
export type RequestedTopics =
  { readonly topics: readonly string[] } | { readonly mistake: TopicMistake };

/**
 * Reads the topics of a request.
 *
 * @param queryValues - the decoded values of every `topic` parameter, in order. When there is one,
 * even an empty one, the path is ignored.
 * @param pathRemainder - what follows the hub's path, percent-encoded as the client sent it and
 * without the query: `/orders/new` asks for `orders.new`.
 */
export function parseTopics(
  queryValues: readonly string[],
  pathRemainder: string,
  limits: TopicLimits,
): RequestedTopics {
  const asked = queryValues.length > 0 ? queryValues : topicOfPath(pathRemainder);
  if (asked.length === 0) return { mistake: 'none' };
  const valid = limits.allowWildcards ? isTopicPattern : isTopic;
  const alphabet = limits.kvBucket === undefined ? 'topic' : 'key';
  if (!asked.every((topic) => valid(topic, alphabet))) return { mistake: 'invalid' };
  const topics = [...new Set(asked)];
  if (limits.maxTopics !== undefined && topics.length > limits.maxTopics) {
    return { mistake: 'too_many' };
  }
  return { topics };
}

/**
 * Slashes around the path mean nothing, as in the original; a doubled one inside is an empty token
 * and fails the grammar. Each segment is decoded for itself, so that `%2F` is a character of a topic
 * (refused but in a bucket's key), never a separator that a proxy's path rules did not see.
 */
function topicOfPath(pathRemainder: string): string[] {
  const segments = pathRemainder.split('/');
  while (segments[0] === '') segments.shift();
  while (segments.at(-1) === '') segments.pop();
  return segments.length === 0 ? [] : [segments.map(decodeSegment).join('.')];
}

/** A segment that is not valid percent-encoding stays as it is: `%` is outside the alphabet. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
