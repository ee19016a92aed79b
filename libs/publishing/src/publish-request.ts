import { NotFoundException } from '@nestjs/common';
import { getRequestedAccess } from '@nuts/auth';
import { type HubOptions, type HubPublishOptions, requestedHub } from '@nuts/streaming';
import type { Request } from 'express';
import { messageHeaders } from './message-headers.js';
import { publishConditions } from './publish-conditions.js';

/** A publish request without its body. */
export interface PublishRequest {
  readonly hub: HubOptions;
  readonly topic: string;
  readonly options: HubPublishOptions;
}

/**
 * Parses a request that the middleware has accepted.
 *
 * @throws BadRequestException for invalid conditions
 */
export function parsePublishRequest(request: Request): PublishRequest {
  const hub = requestedHub(request)?.options;
  const [topic] = getRequestedAccess(request)?.topics ?? [];
  if (hub?.publish === undefined || topic === undefined) throw new NotFoundException();
  const headers = messageHeaders(request.headersDistinct, {
    names: hub.publish.headers,
    traceContext: hub.format.traceContext ?? false,
  });
  return { hub, topic, options: { ...publishConditions(request.headersDistinct), headers } };
}
