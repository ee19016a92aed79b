import {
  Controller,
  Inject,
  type MessageEvent,
  NotFoundException,
  Optional,
  Req,
  Res,
  Sse,
  SseSignal,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { getRequestedSubscription, getSubscriber } from '@nuts/auth';
import { NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import type { StreamRequest } from '../hub/stream-request.interface.js';
import { ClientAddress } from './client-address.js';
import { Drain } from './drain.js';
import { HubGuards } from './hub-guards.js';
import { requestedHub } from './hub-request.js';
import { RefusalAnswers } from './refusal-answers.js';
import { RetryStreamFilter } from './retry-stream.filter.js';
import { StreamRefusal } from './stream-refusal.js';
import { STREAM_ROUTE } from './stream-route.js';

/**
 * Every hub's stream. Guards have passed when the handler runs; the engine admits the client and
 * returns what Nest shall send first. Later frames it writes to the response itself: Nest's writer
 * makes a system call of each, and invents ids (DESIGN §3, §6).
 */
@Controller({ version: VERSION_NEUTRAL })
@UseGuards(HubGuards)
@UseFilters(RetryStreamFilter)
export class StreamController {
  constructor(
    private readonly addresses: ClientAddress,
    private readonly drain: Drain,
    private readonly refusals: RefusalAnswers,
    @Optional() @Inject(NUTS_METRICS) private readonly metrics?: NutsMetrics,
  ) {}

  @Sse(STREAM_ROUTE)
  async stream(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @SseSignal() signal: AbortSignal,
  ): Promise<Observable<MessageEvent>> {
    const hub = requestedHub(request);
    const subscription = getRequestedSubscription(request);
    if (hub === undefined || subscription === undefined) throw new NotFoundException();
    const subscriber = getSubscriber(request);
    const streamRequest: StreamRequest = {
      subscription,
      ...(subscriber && { subscriber }),
      clientAddress: this.addresses.of(request, hub.options, subscriber?.subject !== undefined),
      response,
      signal,
    };
    try {
      if (this.drain.draining) {
        this.metrics?.hub(hub.options.name).streamClosed('handler_shutdown');
        throw new StreamRefusal('jetstream_unavailable', { reason: 'handler_shutdown' });
      }
      const opened = await hub.open(streamRequest);
      const { hubUrl } = hub.options;
      if (hubUrl !== undefined) response.append('Link', `<${hubUrl}>; rel="nuts"`);
      return opened;
    } catch (error) {
      throw this.refusals.of(error, request, response);
    }
  }
}
