import { setRequestedAccess } from '@nuts/auth';
import type { Request } from 'express';
import type { StreamHub } from '../hub/stream-request.interface.js';
import { setRequestedHub } from '../request/hub-request.js';
import { requestedTopics } from '../request/requested-topics-of.js';
import { PRESENCE_ROUTE } from './presence-route.js';

/**
 * Routes a request to the presence controller. The guards see the action `presence`, which has its own
 * claim.
 *
 * @throws BadRequestException as for a stream of the same topics
 */
export function requestPresence(hub: StreamHub, search: string, request: Request): void {
  const { options } = hub;
  const topics = requestedTopics('', search, options);
  setRequestedHub(request, hub);
  setRequestedAccess(request, {
    action: 'presence',
    hub: { name: options.name, path: options.path },
    topics,
    ...(options.access && { access: options.access }),
  });
  request.url = PRESENCE_ROUTE + search;
}
