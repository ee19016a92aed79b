import { BadRequestException } from '@nestjs/common';
import { parseTopics, type TopicLimits, type TopicMistake } from '../topics/requested-topics.js';

/** The message of each mistake's `400` (contract §2). */
export const TOPIC_MISTAKES: Readonly<Record<TopicMistake, string>> = {
  none: 'No topics specified. Use ?topic=name or path-based topic',
  invalid: 'Invalid topic name',
  too_many: 'Too many topics requested',
};

/**
 * The topics of a request to a hub: those of the query, else the one that the path names.
 *
 * @param rest what follows the hub's path
 * @param search the query, question mark included
 * @throws BadRequestException with the messages of contract §2
 */
export function requestedTopics(
  rest: string,
  search: string,
  limits: TopicLimits,
): readonly string[] {
  const asked = parseTopics(new URLSearchParams(search).getAll('topic'), rest, limits);
  if ('mistake' in asked) throw new BadRequestException(TOPIC_MISTAKES[asked.mistake]);
  return asked.topics;
}
