import {
  Controller,
  Delete,
  HttpStatus,
  Post,
  Put,
  Req,
  Res,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { type HubOptions, HubPublisher, type Published, RefusalAnswers } from '@nuts/streaming';
import { ClientRateGuard, clientOf, CrossSiteGuard, readBody } from '@nuts/writing';
import type { Request, Response } from 'express';
import { parsePublishRequest } from './publish-request.js';
import { BodyMemory } from './body-memory.js';
import { checkJsonBody } from './json-body.js';
import { PublishAccessGuard } from './publish-access.guard.js';
import { PublishRecord } from './publish-record.js';
import { publishRefusal } from './publish-refusal.js';
import { PUBLISH_ROUTE } from './publish-route.js';

/** The answer to a stored message (contract §10). */
export interface PublishAnswer extends Published {
  readonly topic: string;
}

/** Stores the body of a request in its hub's stream (contract §10). */
@Controller({ version: VERSION_NEUTRAL })
@UseGuards(PublishAccessGuard, CrossSiteGuard, ClientRateGuard)
export class PublishController {
  constructor(
    private readonly publisher: HubPublisher,
    private readonly refusals: RefusalAnswers,
    private readonly bodies: BodyMemory,
  ) {}

  @Post(PUBLISH_ROUTE)
  async publish(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublishAnswer> {
    const { hub, topic, options } = parsePublishRequest(request);
    const body = await this.read(hub, request, response);
    checkJsonBody(request.headers['content-type'], body);
    const published = await this.store(request, response, () =>
      this.publisher.publish(hub.name, topic, body, options),
    );
    response.status(published.duplicate ? HttpStatus.OK : HttpStatus.CREATED);
    return answerTo(hub, topic, published, response);
  }

  /** The same with the method for keys of a bucket. */
  @Put(PUBLISH_ROUTE)
  put(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublishAnswer> {
    return this.publish(request, response);
  }

  /** Stores a delete marker for a key of a bucket. */
  @Delete(PUBLISH_ROUTE)
  async remove(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublishAnswer> {
    const { hub, topic, options } = parsePublishRequest(request);
    const published = await this.store(request, response, () =>
      this.publisher.delete(hub.name, topic, options),
    );
    return answerTo(hub, topic, published, response);
  }

  private async read(hub: HubOptions, request: Request, response: Response): Promise<Buffer> {
    const { name, publish } = hub;
    const largest = Math.min(publish?.maxBytes ?? 0, this.publisher.maxPayloadOf(name) ?? Infinity);
    try {
      return await readBody(
        request,
        response,
        largest,
        this.bodies.holder(response, `${name} ${clientOf(request)}`),
      );
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

/** For a key, the ID is its revision and therefore its entity tag. */
function answerTo(
  hub: HubOptions,
  topic: string,
  { id, duplicate }: Published,
  response: Response,
): PublishAnswer {
  response.set('Cache-Control', 'no-store');
  if (hub.kvBucket !== undefined) response.set('ETag', `"${id}"`);
  return { id, topic, duplicate };
}
