import {
  Controller,
  HttpStatus,
  NotFoundException,
  Post,
  Req,
  Res,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { getRequestedAccess } from '@nuts/auth';
import {
  type HubOptions,
  HubPublisher,
  type HubPublishOptions,
  type Published,
  RefusalAnswers,
  requestedHub,
} from '@nuts/streaming';
import { ClientRateGuard, CrossSiteGuard, readBody } from '@nuts/writing';
import type { Request, Response } from 'express';
import { HeldBodies } from './held-bodies.js';
import { checkJsonBody } from './json-body.js';
import { messageHeaders } from './message-headers.js';
import { PublishAccessGuard } from './publish-access.guard.js';
import { publishConditions } from './publish-conditions.js';
import { PublishRecord } from './publish-record.js';
import { publishRefusal } from './publish-refusal.js';
import { PUBLISH_ROUTE } from './publish-route.js';

/** The answer to a stored message (contract §10). */
export interface PublishAnswer extends Published {
  readonly topic: string;
}

/** Stores the body of a request in the stream of its hub (contract §10). */
@Controller({ version: VERSION_NEUTRAL })
@UseGuards(PublishAccessGuard, CrossSiteGuard, ClientRateGuard)
export class PublishController {
  constructor(
    private readonly publisher: HubPublisher,
    private readonly refusals: RefusalAnswers,
    private readonly bodies: HeldBodies,
  ) {}

  @Post(PUBLISH_ROUTE)
  async publish(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublishAnswer> {
    const hub = requestedHub(request)?.options;
    const [topic] = getRequestedAccess(request)?.topics ?? [];
    if (hub?.publish === undefined || topic === undefined) throw new NotFoundException();
    const options: HubPublishOptions = {
      ...publishConditions(request.headersDistinct),
      headers: messageHeaders(request.headersDistinct, {
        names: hub.publish.headers,
        traceContext: hub.format.traceContext ?? false,
      }),
    };
    const body = await this.read(hub, request, response);
    checkJsonBody(request.headers['content-type'], body);
    const published = await this.store(request, response, () =>
      this.publisher.publish(hub.name, topic, body, options),
    );
    response.status(published.duplicate ? HttpStatus.OK : HttpStatus.CREATED);
    response.set('Cache-Control', 'no-store');
    return { id: published.id, topic, duplicate: published.duplicate };
  }

  private async read(hub: HubOptions, request: Request, response: Response): Promise<Buffer> {
    const { name, publish } = hub;
    const largest = Math.min(publish?.maxBytes ?? 0, this.publisher.maxPayloadOf(name) ?? Infinity);
    try {
      return await readBody(request, response, largest, this.bodies.holder(response));
    } catch (error) {
      throw this.refusals.of(error, request, response);
    }
  }

  private async store(
    request: Request,
    response: Response,
    publish: () => Promise<Published>,
  ): Promise<Published> {
    const record = PublishRecord.of(request);
    record?.sent();
    try {
      const published = await publish();
      record?.finish(published.duplicate ? 'duplicate' : 'stored');
      return published;
    } catch (error) {
      const refusal = publishRefusal(error);
      record?.finish(refusal?.result ?? 'unknown');
      throw this.refusals.of(refusal?.answer ?? error, request, response);
    }
  }
}
