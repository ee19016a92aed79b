import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  NotFoundException,
  Optional,
  SSE_ABORT_CONTROLLER,
} from '@nestjs/common';
import { NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import type { Request, Response } from 'express';
import type { OpenedStream, StreamHub } from '../hub/stream-request.interface.js';
import { Drain } from './drain.js';
import { requestedHub } from '../request/hub-request.js';
import { closeAfterAnswer } from './last-answer.js';
import { RefusalAnswers } from '../refusals/refusal-answers.js';
import { StreamAbort } from './stream-abort.js';
import { StreamRequests } from './stream-requests.service.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';

const OPENED = Symbol('NutsOpenedStream');

/** A request with an opened stream. */
interface OpenedRequest {
  [OPENED]?: OpenedStream;
  [SSE_ABORT_CONTROLLER]?: AbortController;
}

/** The stream opened for a request, if any. */
export function openedStream(request: object): OpenedStream | undefined {
  return (request as OpenedRequest)[OPENED];
}

/**
 * Lets the engine admit the client, after all other guards. This cannot happen in the handler: with a
 * global interceptor, Nest sends the headers on the next turn of the event loop, while the handler still
 * waits for JetStream. A refusal could then no longer have a status. Nest would also pipe its writer into
 * the response before the session could see that.
 */
@Injectable()
export class StreamAdmission implements CanActivate {
  constructor(
    private readonly requests: StreamRequests,
    private readonly drain: Drain,
    private readonly refusals: RefusalAnswers,
    @Optional() @Inject(NUTS_METRICS) private readonly metrics?: NutsMetrics,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request & OpenedRequest>();
    const response = http.getResponse<Response>();
    const hub = requestedHub(request);
    if (hub === undefined) throw new NotFoundException();
    if (hub.options.compression === 'gzip') response.vary('Accept-Encoding');
    try {
      request[OPENED] = await this.admit(hub, request, response);
    } catch (error) {
      throw this.refusals.of(error, request, response);
    }
    return true;
  }

  private async admit(
    hub: StreamHub,
    request: Request & OpenedRequest,
    response: Response,
  ): Promise<OpenedStream> {
    if (this.drain.draining) {
      this.metrics?.hub(hub.options.name).streamClosed('handler_shutdown');
      throw new StreamRefusal('jetstream_unavailable', { reason: 'handler_shutdown' });
    }
    // An unread body would pause the socket, which then would not signal a disconnect.
    request.resume();
    // Nest uses this one instead of creating another.
    const gone = new StreamAbort(response);
    request[SSE_ABORT_CONTROLLER] = gone;
    try {
      const opened = await hub.open(this.requests.of(hub, request, response, gone));
      closeAfterAnswer(request, response);
      const { hubUrl } = hub.options;
      if (hubUrl !== undefined) response.append('Link', `<${hubUrl}>; rel="nuts"`);
      return opened;
    } finally {
      gone.release();
    }
  }
}
