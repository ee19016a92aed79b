import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { RetryStream } from './retry-stream.js';

/** Sends the retry stream (contract §2) and ends it. */
@Catch(RetryStream)
export class RetryStreamFilter implements ExceptionFilter<RetryStream> {
  catch(answer: RetryStream, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.end();
      return;
    }
    answer.send(response);
  }
}
