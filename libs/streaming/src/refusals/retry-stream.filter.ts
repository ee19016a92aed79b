import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { RetryStream } from './retry-stream.js';

/** The headers with which Nest opens an event stream, for the answers that it does not open. */
const EVENT_STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'private, no-cache, no-store, must-revalidate, max-age=0, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/** Sends the retry stream (contract §2) and ends it. */
@Catch(RetryStream)
export class RetryStreamFilter implements ExceptionFilter<RetryStream> {
  catch(answer: RetryStream, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.end();
      return;
    }
    response.writeHead(200, EVENT_STREAM_HEADERS).end(answer.body);
  }
}
