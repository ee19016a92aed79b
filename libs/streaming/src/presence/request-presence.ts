import { BadRequestException } from '@nestjs/common';
import { setRequestedAccess } from '@nuts/auth';
import type { Request } from 'express';
import type { StreamHub } from '../hub/stream-request.interface.js';
import { setRequestedHub } from '../request/hub-request.js';
import { TOPIC_MISTAKES } from '../request/parse-subscription.js';
import { parseTopics } from '../topics/requested-topics.js';
import { PRESENCE_ROUTE } from './presence-route.js';

/**
 * Routes a request to the presence controller, with what the guards decide about: the action
 * `presence`, whose claim is its own.
 *
 * @throws BadRequestException as for a stream of the same topics
 */
export function requestPresence(hub: StreamHub, search: string, request: Request): void {
  const { options } = hub;
  const asked = parseTopics(new URLSearchParams(search).getAll('topic'), '', options);
  if ('mistake' in asked) throw new BadRequestException(TOPIC_MISTAKES[asked.mistake]);
  setRequestedHub(request, hub);
  setRequestedAccess(request, {
    action: 'presence',
    hub: { name: options.name, path: options.path },
    topics: asked.topics,
    ...(options.access && { access: options.access }),
  });
  request.url = PRESENCE_ROUTE + search;
}
