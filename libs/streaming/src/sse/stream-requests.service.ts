import { Injectable, NotFoundException } from '@nestjs/common';
import { getRequestedSubscription } from '@nuts/auth';
import type { Request, Response } from 'express';
import type { StreamHub, StreamRequest } from '../hub/stream-request.interface.js';
import { RefusalAnswers } from '../refusals/refusal-answers.js';
import { ClientAddress } from '../request/client-address.js';
import { ClientRequest } from './client-request.js';
import type { StreamAbort } from './stream-abort.js';

/** Makes what the engine is asked with of a request that passed the guards. */
@Injectable()
export class StreamRequests {
  constructor(
    readonly addresses: ClientAddress,
    readonly refusals: RefusalAnswers,
  ) {}

  /**
   * @param gone aborts when the client leaves while the engine plans
   * @throws NotFoundException for a request that the middleware did not send
   */
  of(hub: StreamHub, request: Request, response: Response, gone: StreamAbort): StreamRequest {
    const subscription = getRequestedSubscription(request);
    if (subscription === undefined) throw new NotFoundException();
    return new ClientRequest(this, hub, request, response, subscription, gone);
  }
}
