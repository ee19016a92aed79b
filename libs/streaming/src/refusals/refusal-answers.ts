import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  HttpException,
  HttpStatus,
  Injectable,
  Logger,
  ServiceUnavailableException,
} from '@nestjs/common';
import { getRequestedSubscription } from '@nuts/auth';
import { jitter } from '../frames/jitter.js';
import { namesMediaType } from '../request/accept.js';
import { requestedHub } from '../request/hub-request.js';
import { RetryStream } from './retry-stream.js';
import { StreamRefusal } from './stream-refusal.js';

/** Whether a client reads event streams: an `EventSource` stops permanently after an error status. */
export function acceptsEventStream(request: Pick<IncomingMessage, 'headers'>): boolean {
  return namesMediaType(request.headers.accept, 'text/event-stream');
}

/** Whether the same request may succeed a little later. This includes 429 and 503 from a guard. */
export function isTransient(error: unknown): error is HttpException {
  if (error instanceof StreamRefusal) return error.retryable;
  if (!(error instanceof HttpException)) return false;
  const status: number = error.getStatus();
  return TRANSIENT_STATUS.has(status);
}

const TRANSIENT_STATUS = new Set<number>([
  HttpStatus.TOO_MANY_REQUESTS,
  HttpStatus.SERVICE_UNAVAILABLE,
]);

/**
 * Decides how a refusal is answered (contract §2). `EventSource` clients receive a retryable refusal as a
 * `200` retry stream, other clients as Nest's JSON with `Retry-After`. Both use the same delay.
 */
@Injectable()
export class RefusalAnswers {
  private readonly logger = new Logger(RefusalAnswers.name);

  /**
   * The error to throw instead of `error`: a {@link RetryStream} for transient errors, otherwise the same
   * error, which then passes the application's own filters.
   */
  of(error: unknown, request: IncomingMessage, response: ServerResponse): unknown {
    const hub = requestedHub(request);
    if (error instanceof StreamRefusal && error.kind === 'token_ended') {
      response.setHeader('WWW-Authenticate', 'Bearer realm="nuts"');
    }
    if (hub === undefined || !isTransient(error)) return error;
    const delayMs = jitter(hub.options.transientRetryMs);
    // `EventSource` sends only GET: clients with other methods need the status.
    if (request.method !== 'GET' || !acceptsEventStream(request)) {
      response.setHeader('Retry-After', Math.ceil(delayMs / 1000));
      return error;
    }
    const subscription = getRequestedSubscription(request);
    return new RetryStream(error.message, delayMs, subscription?.cursor?.text);
  }

  /**
   * Answers a client whose stream was not opened by the interceptors. Nest has finished by then, so
   * exception filters would not see an error.
   */
  declined(request: IncomingMessage, response: ServerResponse): void {
    const hub = requestedHub(request)?.options.name;
    this.logger.warn({ msg: 'an interceptor let no event of a stream through', hub });
    if (response.headersSent || response.writableEnded) return;
    const refusal = new ServiceUnavailableException('Stream not opened');
    const answer = this.of(refusal, request, response);
    if (answer instanceof RetryStream) return answer.send(response);
    response
      .writeHead(refusal.getStatus(), { 'Content-Type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(refusal.getResponse()));
  }
}
