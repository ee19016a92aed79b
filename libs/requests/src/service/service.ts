import type { ServiceMetrics } from '@nuts/metrics';
import { NatsRequestError, type NatsClient } from '@nuts/nats';
import {
  BehaviorSubject,
  catchError,
  filter,
  firstValueFrom,
  Observable,
  type Subscriber,
  tap,
  throwError,
} from 'rxjs';
import { readReplies } from '../replies/read-replies.operator.js';
import type { Reply } from '../replies/reply.interface.js';
import { RequestFailure, type RequestFailureKind } from '../replies/request-failure.js';
import { ClientRequestCounts } from './client-request-counts.js';
import type { ServiceOptions } from './service-options.interface.js';

/** A slot for an open request. */
export interface RequestLease {
  /** Calling it twice is safe. */
  release(): void;
}

const FAILURES: Readonly<Record<NatsRequestError['kind'], RequestFailureKind>> = {
  disconnected: 'unavailable',
  connection_lost: 'connection_lost',
  no_responders: 'no_responders',
  denied: 'denied',
  too_large: 'too_large',
};

/** The services below one path: limits open requests, and sends requests. */
export class Service {
  private readonly open = new BehaviorSubject(0);
  private isDraining = false;
  private isEnded = false;
  private readonly asking = new Map<Subscriber<Reply>, string | undefined>();
  private readonly clients: ClientRequestCounts;

  constructor(
    readonly options: ServiceOptions,
    private readonly client: NatsClient,
    readonly metrics: ServiceMetrics,
  ) {
    this.clients = new ClientRequestCounts(options.maxRequestsPerClient);
  }

  /** Number of open requests. */
  get openRequests(): number {
    return this.open.value;
  }

  /** Maximum body size in bytes: the limit of the options or of the connected server. */
  get maxBytes(): number {
    return Math.min(this.options.maxBytes, this.client.maxPayload ?? Infinity);
  }

  /**
   * @param client key for `request_max_per_client`; undefined = the application itself, without that limit
   * @throws RequestFailure `too_many`, `unavailable` or `shutting_down`; no resources are held then
   */
  admit(client?: string): RequestLease {
    if (this.isDraining) throw new RequestFailure('shutting_down');
    if (this.client.status !== 'connected') throw new RequestFailure('unavailable');
    if (this.open.value >= this.options.maxRequests) throw new RequestFailure('too_many');
    if (client !== undefined && !this.clients.take(client)) throw new RequestFailure('too_many');
    this.open.next(this.open.value + 1);
    let isHeld = true;
    return {
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        if (client !== undefined) this.clients.release(client);
        this.open.next(this.open.value - 1);
      },
    };
  }

  /**
   * Sends the request on subscription; unsubscribing at any time also unsubscribes on the server. Payloads
   * are valid only during the call that delivers them. Errors with a {@link RequestFailure}.
   *
   * @param subject without the prefix
   * @param owner the subject of the client's token, for {@link endOf}
   */
  replies(subject: string, body: Uint8Array, owner?: string): Observable<Reply> {
    const { subjectPrefix, requestTimeoutMs } = this.options;
    return new Observable((observer) => {
      const { messaging } = this.client;
      if (messaging === undefined || this.isEnded) {
        observer.error(new RequestFailure(this.isEnded ? 'shutting_down' : 'unavailable'));
        return;
      }
      this.asking.set(observer, owner);
      observer.add(() => this.asking.delete(observer));
      messaging
        .request(subjectPrefix + subject, body)
        .pipe(
          readReplies(requestTimeoutMs),
          tap(() => this.metrics.replied()),
          catchError((error: unknown) => throwError(() => failureOf(error))),
        )
        .subscribe(observer);
    });
  }

  /**
   * Ends the open requests of one client with `token_revoked`.
   *
   * @param owner the subject of its token
   * @returns their number
   */
  endOf(owner: string): number {
    const theirs = [...this.asking].filter(([, subject]) => subject === owner);
    for (const [observer] of theirs) observer.error(new RequestFailure('token_revoked'));
    return theirs.length;
  }

  /** Refuses new requests; open ones continue. */
  drain(): void {
    this.isDraining = true;
  }

  /** Resolves when no request is open. */
  async whenIdle(): Promise<void> {
    await firstValueFrom(this.open.pipe(filter((open) => open === 0)));
  }

  /** Ends open requests with `shutting_down`. */
  end(): void {
    this.isDraining = true;
    this.isEnded = true;
    for (const observer of [...this.asking.keys()])
      observer.error(new RequestFailure('shutting_down'));
  }
}

function failureOf(error: unknown): unknown {
  return error instanceof NatsRequestError
    ? new RequestFailure(FAILURES[error.kind], {}, { cause: error })
    : error;
}
