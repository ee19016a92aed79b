import type { IncomingMessage } from 'node:http';
import { BadRequestException } from '@nestjs/common';
import type { RequestedSubscription } from '@nuts/auth';
import type { Request } from 'express';
import { namesMediaType } from '../request/accept.js';
import { highestPageLimit, parsePageLimit } from './page-limit.js';
import { PAGE_ROUTE } from './page-route.js';

const LIMIT = Symbol('NutsPageLimit');

interface PageRequest {
  [LIMIT]?: number;
}

/** Whether a request for a hub's topics asks for a page of history instead of a stream (contract §9). */
export function isPageRequest({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { accept } = headers;
  return namesMediaType(accept, 'application/json') && !namesMediaType(accept, 'text/event-stream');
}

/**
 * Routes a request to the page controller.
 *
 * @throws BadRequestException for an invalid `limit`
 */
export function requestPage(
  subscription: RequestedSubscription,
  search: string,
  request: Request,
): void {
  const limit = parsePageLimit(new URLSearchParams(search).get('limit'), subscription);
  if (limit === undefined) {
    const highest = highestPageLimit(subscription);
    throw new BadRequestException(`Invalid limit: must be an integer from 1 to ${highest}`);
  }
  (request as PageRequest)[LIMIT] = limit;
  request.url = PAGE_ROUTE + search;
}

/** The limit of a request that the middleware routed to the page controller. */
export function requestedLimit(request: object): number | undefined {
  return (request as PageRequest)[LIMIT];
}
