import type { ServerResponse } from 'node:http';
import type { MessageEvent } from '@nestjs/common';
import type { RequestedSubscription, Subscriber } from '@nuts/auth';
import type { Observable } from 'rxjs';
import type { OpenedPage } from '../page/opened-page.interface.js';
import type { HubOptions } from './hub-options.interface.js';

/** A request that passed the guards, as the HTTP layer hands it to the engine. */
export interface StreamRequest {
  readonly subscription: RequestedSubscription;
  /** Undefined if the hub is open to everyone and no guard set a subscriber. */
  readonly subscriber?: Subscriber;
  /**
   * The peer's address, or the forwarded one with `TRUST_PROXY`; for IPv6 its /64. Read it while the client
   * is connected.
   */
  readonly clientAddress: string;
  /**
   * The engine writes every frame to it. Nest sends the headers; nothing may be written before them.
   */
  readonly response: ServerResponse;
  /** The hub compresses and the client accepts gzip. */
  readonly acceptsGzip?: boolean;
  /**
   * Aborts if the client disconnects during planning. Once a stream is open, the response's `close` event
   * signals this.
   */
  readonly signal: AbortSignal;
  /** Answers the client if the route's interceptors do not emit an event. */
  declined(): void;
}

/** The stream of an admitted client, before its first byte. */
export interface OpenedStream {
  /**
   * To be returned by the `@Sse()` handler. Opens the stream when Nest subscribes, and completes, so that
   * Nest holds nothing for the stream. With interceptors, it emits the connected event, with an explicit ID
   * (otherwise Nest generates one), and completes with the stream. It never errors. The engine ends the
   * response; unsubscribing does not end the stream.
   */
  events(): Observable<MessageEvent>;
}

/** The HTTP layer's view of a hub. */
export interface StreamHub {
  readonly options: HubOptions;
  /** Admits the client. Rejects with a `StreamRefusal` and then holds no resources. */
  open(request: StreamRequest): Promise<OpenedStream>;
  /**
   * Reads a page of history (contract §9) up to its first bytes. Rejects with a `StreamRefusal`, or with a
   * `BadRequestException` if there are more than `limit` subjects, and then holds no resources.
   *
   * @param limit maximum number of messages
   */
  page(request: StreamRequest, limit: number): Promise<OpenedPage>;
  /**
   * Ends the open streams one by one, at random times within the window, each with a jittered `retry:`.
   * Resolves when the last one is gone. Never rejects (contract §7, `drain_window`).
   */
  drain(windowMs: number): Promise<void>;
}

/** A hub and the rest of the path: empty, or starting with a slash. */
export interface HubMatch<H extends StreamHub = StreamHub> {
  readonly hub: H;
  readonly rest: string;
}

/** Finds hubs by path; implemented by the engine's registry. */
export interface HubDirectory {
  hubs(): readonly StreamHub[];
  /** The hub with the longest path that equals the pathname or is followed by a slash in it. */
  byPath(pathname: string): HubMatch | undefined;
  /**
   * Emits when a hub cannot work without a change by the operator: refused credentials, a missing stream at
   * startup, or `max_reconnects` used up. The message is meant for the operator; the service exits with
   * code 1.
   */
  readonly failure$: Observable<Error>;
}

/** Injection token of the {@link HubDirectory} that the HTTP layer uses. */
export const HUB_DIRECTORY = Symbol('HubDirectory');
