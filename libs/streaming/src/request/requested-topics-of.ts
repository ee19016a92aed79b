import { BadRequestException } from '@nestjs/common';
import { parseTopics, type TopicLimits, type TopicError } from '../topics/requested-topics.js';

/** The `400` message for each error (contract §2). */
export const TOPIC_ERRORS: Readonly<Record<TopicError, string>> = {
  none: 'No topics specified. Use ?topic=name or path-based topic',
  invalid: 'Invalid topic name',
  too_many: 'Too many topics requested',
};

/**
 * The topics of a request to a hub: from the query, else from the path.
 *
 * @param rest the path after the hub's path
 * @param search the query, including the question mark
 * @throws BadRequestException with the messages of contract §2
 */
export function requestedTopics(
  rest: string,
  search: string,
  limits: TopicLimits,
): readonly string[] {
  const asked = parseTopics(new URLSearchParams(search).getAll('topic'), rest, limits);
  if ('error' in asked) throw new BadRequestException(TOPIC_ERRORS[asked.error]);
  return asked.topics;
}
