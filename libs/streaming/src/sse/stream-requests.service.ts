import { Injectable, NotFoundException } from '@nestjs/common';
import { getRequestedSubscription } from '@nuts/auth';
import type { Request, Response } from 'express';
import type { StreamHub, StreamRequest } from '../hub/stream-request.interface.js';
import { RefusalAnswers } from '../refusals/refusal-answers.js';
import { ClientAddress } from '../request/client-address.js';
import { ClientRequest } from './client-request.js';
import type { StreamAbort } from './stream-abort.js';

/** Creates the engine's view of a request that passed the guards. */
@Injectable()
export class StreamRequests {
  constructor(
    readonly addresses: ClientAddress,
    readonly refusals: RefusalAnswers,
  ) {}

  /**
   * @param gone aborts if the client disconnects during planning
   * @throws NotFoundException if the middleware did not route the request
   */
  of(hub: StreamHub, request: Request, response: Response, gone: StreamAbort): StreamRequest {
    const subscription = getRequestedSubscription(request);
    if (subscription === undefined) throw new NotFoundException();
    return new ClientRequest(this, hub, request, response, subscription, gone);
  }
}
