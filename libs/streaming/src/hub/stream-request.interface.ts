import type { ServerResponse } from 'node:http';
import type { MessageEvent } from '@nestjs/common';
import type { RequestedSubscription, Subscriber } from '@nuts/auth';
import type { Observable } from 'rxjs';
import type { OpenedPage } from '../page/opened-page.interface.js';
import type { HubOptions } from './hub-options.interface.js';

/** A client that passed the guards and wants its stream: what the HTTP edge hands to the engine. */
export interface StreamRequest {
  readonly subscription: RequestedSubscription;
  /** Undefined when the hub is open to everybody and no guard named one. */
  readonly subscriber?: Subscriber;
  /** Peer address, or the forwarded one where `TRUST_PROXY` says so, of IPv6 the /64; read it while the client is there. */
  readonly clientAddress: string;
  /**
   * Where the engine writes every frame after the first. Nest sends the headers and the first
   * event; nothing may be written before that.
   */
  readonly response: ServerResponse;
  /** The hub compresses, and the client takes gzip. */
  readonly acceptsGzip?: boolean;
  /** Aborts when the client goes while the engine plans; once a stream is open, its response's `close` tells. */
  readonly signal: AbortSignal;
  /** The interceptors around the route let no event through: answers the client in the stream's place. */
  declined(): void;
}

/** An admitted client's stream, before its first byte. */
export interface OpenedStream {
  /**
   * For the `@Sse()` handler to return, and to be called by it: emits the first frame, with an
   * explicit id (Nest invents one otherwise), and never errors. It completes with the stream where an
   * interceptor waits for that, and else after the first frame: Nest then holds nothing for the
   * stream. The engine ends the response; unsubscribing ends nothing.
   */
  events(): Observable<MessageEvent>;
}

/** What the HTTP edge needs of a hub. */
export interface StreamHub {
  readonly options: HubOptions;
  /** Admits the client. Rejects with a `StreamRefusal`; then nothing is held for it. */
  open(request: StreamRequest): Promise<OpenedStream>;
  /**
   * Reads a page of history (contract §9) up to its first bytes. Rejects with a `StreamRefusal`, or with a
   * `BadRequestException` when the subjects are more than `limit`; then nothing is held for the client.
   *
   * @param limit the most messages of the page
   */
  page(request: StreamRequest, limit: number): Promise<OpenedPage>;
  /**
   * Ends the open streams one by one, spread at random over the window, each with a jittered
   * `retry:`; resolves when the last is gone. Never rejects (contract §7, `drain_window`).
   */
  drain(windowMs: number): Promise<void>;
}

/** A hub, and what follows its path: empty, or beginning with a slash. */
export interface HubMatch<H extends StreamHub = StreamHub> {
  readonly hub: H;
  readonly rest: string;
}

/** Finds hubs by path; the engine's registry stands behind it. */
export interface HubDirectory {
  hubs(): readonly StreamHub[];
  /** The hub with the longest path that equals the pathname or ends before one of its slashes. */
  byPath(pathname: string): HubMatch | undefined;
  /**
   * Emits when a hub can never work (again): refused credentials, a missing stream at start, the
   * reconnects used up. The message is the sentence for the operator; the service ends with code 1.
   */
  readonly failure$: Observable<Error>;
}

/** Token of the {@link HubDirectory} that the HTTP edge asks. */
export const HUB_DIRECTORY = Symbol('HubDirectory');
