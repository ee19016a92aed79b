import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  NotFoundException,
  Optional,
  SSE_ABORT_CONTROLLER,
} from '@nestjs/common';
import { getRequestedSubscription, getSubscriber } from '@nuts/auth';
import { NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import type { Request, Response } from 'express';
import type { OpenedStream, StreamHub, StreamRequest } from '../hub/stream-request.interface.js';
import { acceptsGzip } from '../compression/accept-encoding.js';
import { ClientAddress } from '../request/client-address.js';
import { Drain } from './drain.js';
import { requestedHub } from '../request/hub-request.js';
import { closeAfterAnswer } from './last-answer.js';
import { RefusalAnswers } from '../refusals/refusal-answers.js';
import { StreamAbort } from './stream-abort.js';
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
    private readonly addresses: ClientAddress,
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
    const subscription = getRequestedSubscription(request);
    if (subscription === undefined) throw new NotFoundException();
    if (this.drain.draining) {
      this.metrics?.hub(hub.options.name).streamClosed('handler_shutdown');
      throw new StreamRefusal('jetstream_unavailable', { reason: 'handler_shutdown' });
    }
    const subscriber = getSubscriber(request);
    // A body that nobody takes would pause the socket, which then does not tell that the client left.
    request.resume();
    const { addresses } = this;
    // Nest takes this one instead of making another.
    const gone = (request[SSE_ABORT_CONTROLLER] = new StreamAbort());
    const streamRequest: StreamRequest = {
      subscription,
      ...(subscriber && { subscriber }),
      // A system call, and few hubs ask.
      get clientAddress() {
        return addresses.of(request, hub.options, subscriber?.subject !== undefined);
      },
      response,
      acceptsGzip:
        hub.options.compression === 'gzip' && acceptsGzip(request.headers['accept-encoding']),
      signal: gone.signal,
      declined: () => this.refusals.declined(request, response),
    };
    const opened = await whileConnected(response, gone, () => hub.open(streamRequest));
    closeAfterAnswer(request, response);
    const { hubUrl } = hub.options;
    if (hubUrl !== undefined) response.append('Link', `<${hubUrl}>; rel="nuts"`);
    return opened;
  }
}

/** Aborts when the client goes while this runs; after the guards, Nest does. */
async function whileConnected<T>(
  response: Response,
  gone: AbortController,
  run: () => Promise<T>,
): Promise<T> {
  const onClose = (): void => gone.abort();
  if (response.closed || response.destroyed) gone.abort();
  else response.once('close', onClose);
  try {
    return await run();
  } finally {
    response.off('close', onClose);
  }
}
