import type { IncomingMessage } from 'node:http';
import {
  Controller,
  Injectable,
  Logger,
  NotFoundException,
  Post,
  Req,
  Res,
  type Type,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { getSubscriber } from '@nuts/auth';
import type { RequestResult } from '@nuts/metrics';
import {
  ClientRateGuard,
  clientOf,
  CrossSiteGuard,
  IncompleteBodyError,
  readBody,
} from '@nuts/writing';
import type { Request, Response } from 'express';
import { contentTypeOf } from '../replies/payload-json.js';
import { RequestFailure } from '../replies/request-failure.js';
import { Pipelines } from '../request/pipelines.js';
import { type Question, questionOf } from '../request/question.js';
import { endWithToken } from './end-with-token.operator.js';
import { firstReply } from './first-reply.js';
import { ReplyStream } from './reply-stream.js';
import { resultOf } from './request-result.js';
import { responseSent } from './response-sent.js';
import type { ServiceGuard } from './service-guards.js';

/** Behind the guards of all services: reads the body, sends the request, and answers (contract §11). */
@Injectable()
export class AskController {
  private readonly logger = new Logger('RequestsModule');

  constructor(private readonly pipelines: Pipelines) {}

  @Post()
  async ask(@Req() request: Request, @Res() response: Response): Promise<void> {
    const question = questionOf(request);
    // Not reachable over HTTP, but an application's own code could rewrite a URL to this route.
    if (question === undefined) throw new NotFoundException();
    const { metrics } = question.service;
    const startedAt = performance.now();
    const count = (result: RequestResult): void =>
      metrics.requested(result, (performance.now() - startedAt) / 1000);
    try {
      count(await this.answer(question, request, response));
    } catch (error) {
      if (error instanceof IncompleteBodyError) return count('client_left');
      if (error instanceof RequestFailure) {
        count(resultOf(error));
        this.prepareRefusal(error, question, response);
      }
      throw error;
    }
  }

  private async answer(
    { service, subject }: Question,
    request: Request,
    response: Response,
  ): Promise<RequestResult> {
    const place = service.admit(clientOf(request));
    try {
      const body = await readBody(request, response, service.maxBytes);
      const replies$ = service.replies(subject, body, getSubscriber(request)?.subject);
      if (acceptsEventStream(request)) {
        this.pipelines.block(request, response);
        const whileAllowed$ = replies$.pipe(endWithToken(getSubscriber(request)));
        const end = await new ReplyStream(response, service.options).send(whileAllowed$);
        // The place is kept as long as the process holds a part of the answer.
        await responseSent(response, service.options.writeTimeoutMs);
        return end instanceof RequestFailure ? resultOf(end) : end;
      }
      const reply = await firstReply(replies$, response);
      if (reply === undefined) return 'client_left';
      // Express's `set` would add a charset.
      response.setHeader('Content-Type', contentTypeOf(reply.payload, reply.contentType));
      response
        .set('Cache-Control', 'no-store')
        // A reply that quotes input of a page must not be interpreted as a page.
        .set('X-Content-Type-Options', 'nosniff')
        .set('Content-Security-Policy', "default-src 'none'; sandbox")
        .status(200)
        .end(reply.payload);
      const isSent = await responseSent(response, service.options.writeTimeoutMs);
      return isSent ? 'answered' : 'client_left';
    } finally {
      place.release();
    }
  }

  private prepareRefusal(failure: RequestFailure, { service }: Question, response: Response): void {
    if (failure.retryable && !response.headersSent) {
      const delayMs = service.options.transientRetryMs * (0.5 + Math.random());
      response.set('Retry-After', String(Math.ceil(delayMs / 1000)));
    }
    if (failure.kind !== 'denied') return;
    const { cause } = failure;
    this.logger.warn({
      msg: 'the NATS account may not ask this service',
      service: service.options.name,
      error: cause instanceof Error ? cause.message : undefined,
    });
  }
}

/**
 * The controller of one module, with the guards of its options before those of this library.
 *
 * @param path the internal path of this module
 */
export function guardedAskController(
  path: string,
  guards: readonly ServiceGuard[],
): Type<AskController> {
  @Controller({ path, version: VERSION_NEUTRAL })
  @UseGuards(...guards, CrossSiteGuard, ClientRateGuard)
  class GuardedAskController extends AskController {}
  return GuardedAskController;
}

function acceptsEventStream({ headers }: IncomingMessage): boolean {
  return headers.accept?.toLowerCase().includes('text/event-stream') ?? false;
}
