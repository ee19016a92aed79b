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

/** A request whose stream is opened. */
interface OpenedRequest {
  [OPENED]?: OpenedStream;
  [SSE_ABORT_CONTROLLER]?: AbortController;
}

/** The stream that was opened for a request; undefined when none was. */
export function openedStream(request: object): OpenedStream | undefined {
  return (request as OpenedRequest)[OPENED];
}

/**
 * Has the engine admit the client, after all other guards. Not in the handler: where an application
 * has an interceptor for every route, Nest sends the headers on the next turn of the event loop,
 * while the handler still waits for JetStream, and a refusal could be no status any more; and it
 * pipes its writer into the response before the session could see that.
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
    // A body that nobody takes would pause the socket, which then does not tell that the client left.
    request.resume();
    // Nest takes this one instead of making another.
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
