import { BadRequestException } from '@nestjs/common';
import { setRequestedSubscription } from '@nuts/auth';
import type { Request } from 'express';
import type { StreamHub } from '../hub/stream-request.interface.js';
import { setRequestedHub } from '../request/hub-request.js';
import { TOPIC_MISTAKES } from '../request/parse-subscription.js';
import { parseTopics } from '../topics/requested-topics.js';
import { PRESENCE_ROUTE } from './presence-route.js';

/**
 * Sends a request to the presence route, with what the guards have to decide about.
 *
 * @throws BadRequestException as for a stream of the same topics
 */
export function requestPresence(hub: StreamHub, search: string, request: Request): void {
  const { options } = hub;
  const asked = parseTopics(new URLSearchParams(search).getAll('topic'), '', options);
  if ('mistake' in asked) throw new BadRequestException(TOPIC_MISTAKES[asked.mistake]);
  setRequestedHub(request, hub);
  setRequestedSubscription(request, {
    hub: { name: options.name, path: options.path },
    topics: asked.topics,
    ...(options.access && { access: options.access }),
  });
  request.url = PRESENCE_ROUTE + search;
}
