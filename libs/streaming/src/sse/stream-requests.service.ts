import { Injectable, NotFoundException } from '@nestjs/common';
import { getRequestedSubscription, getSubscriber } from '@nuts/auth';
import type { Request, Response } from 'express';
import { acceptsGzip } from '../compression/accept-encoding.js';
import type { StreamHub, StreamRequest } from '../hub/stream-request.interface.js';
import { RefusalAnswers } from '../refusals/refusal-answers.js';
import { ClientAddress } from '../request/client-address.js';

/** Makes what the engine is asked with of a request that passed the guards. */
@Injectable()
export class StreamRequests {
  constructor(
    private readonly addresses: ClientAddress,
    private readonly refusals: RefusalAnswers,
  ) {}

  /**
   * @param gone aborts when the client leaves while the engine plans
   * @throws NotFoundException for a request that the middleware did not send
   */
  of(hub: StreamHub, request: Request, response: Response, gone: AbortController): StreamRequest {
    const subscription = getRequestedSubscription(request);
    if (subscription === undefined) throw new NotFoundException();
    const subscriber = getSubscriber(request);
    const { addresses } = this;
    return {
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
  }
}

/** Aborts when the client goes while this runs. */
export async function whileConnected<T>(
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
