import {
  Controller,
  Get,
  Header,
  Inject,
  NotFoundException,
  Optional,
  Req,
  Res,
  StreamableFile,
  UseGuards,
  UseInterceptors,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import type { Request, Response } from 'express';
import { RefusalAnswers } from '../refusals/refusal-answers.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import { requestedHub } from '../request/hub-request.js';
import { Drain } from '../sse/drain.js';
import { HubGuards } from '../sse/hub-guards.js';
import { HubInterceptors } from '../sse/hub-interceptors.js';
import { StreamAbort } from '../sse/stream-abort.js';
import { StreamRequests } from '../sse/stream-requests.service.js';
import { PAGE_ROUTE } from './page-route.js';
import { requestedLimit } from './request-page.js';

/**
 * Pages of a hub's history (contract §9), for requests that passed the hub's guards and interceptors. Nest
 * treats the body as a file, so that an application's interceptors can wrap it or answer instead.
 */
@Controller({ version: VERSION_NEUTRAL })
@UseGuards(HubGuards)
@UseInterceptors(HubInterceptors)
export class PageController {
  constructor(
    private readonly requests: StreamRequests,
    private readonly drain: Drain,
    private readonly refusals: RefusalAnswers,
    @Optional() @Inject(NUTS_METRICS) private readonly metrics?: NutsMetrics,
  ) {}

  @Get(PAGE_ROUTE)
  @Header('Cache-Control', 'no-store')
  async page(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const hub = requestedHub(request);
    const limit = requestedLimit(request);
    if (hub === undefined || limit === undefined) throw new NotFoundException();
    const gone = new StreamAbort(response);
    try {
      if (this.drain.draining) {
        this.metrics?.hub(hub.options.name).streamClosed('handler_shutdown');
        throw new StreamRefusal('jetstream_unavailable', { reason: 'handler_shutdown' });
      }
      // An unread body would pause the socket, which then would not signal a disconnect.
      request.resume();
      const page = await hub.page(this.requests.of(hub, request, response, gone), limit);
      const { hubUrl } = hub.options;
      if (hubUrl !== undefined) response.append('Link', `<${hubUrl}>; rel="nuts"`);
      return new StreamableFile(page.readable, { type: 'application/json' });
    } catch (error) {
      throw this.refusals.of(error, request, response);
    } finally {
      gone.release();
    }
  }
}
