import { getSubscriber, type RequestedSubscription, type Subscriber } from '@nuts/auth';
import type { Request, Response } from 'express';
import { acceptsGzip } from '../compression/accept-encoding.js';
import type { StreamHub, StreamRequest } from '../hub/stream-request.interface.js';
import type { RefusalAnswers } from '../refusals/refusal-answers.js';
import type { ClientAddress } from '../request/client-address.js';
import type { StreamAbort } from './stream-abort.js';

/** The services that a request needs. */
export interface ClientRequestPorts {
  readonly addresses: ClientAddress;
  readonly refusals: RefusalAnswers;
}

/** An Express request as the engine needs it. Rarely used fields are computed on access. */
export class ClientRequest implements StreamRequest {
  readonly subscriber?: Subscriber;

  constructor(
    private readonly ports: ClientRequestPorts,
    private readonly hub: StreamHub,
    private readonly request: Request,
    readonly response: Response,
    readonly subscription: RequestedSubscription,
    private readonly gone: StreamAbort,
  ) {
    const subscriber = getSubscriber(request);
    if (subscriber !== undefined) this.subscriber = subscriber;
  }

  get clientAddress(): string {
    const hasSubject = this.subscriber?.subject !== undefined;
    return this.ports.addresses.of(this.request, this.hub.options, hasSubject);
  }

  get acceptsGzip(): boolean {
    if (this.hub.options.compression !== 'gzip') return false;
    return acceptsGzip(this.request.headers['accept-encoding']);
  }

  get signal(): AbortSignal {
    return this.gone.signal;
  }

  declined(): void {
    this.ports.refusals.declined(this.request, this.response);
  }
}
