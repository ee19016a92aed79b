import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { MessageEvent } from '@nestjs/common';
import { defer, Observable, startWith, Subject } from 'rxjs';
import { type ConnectedEvent, connectedFrame } from '../frames/connected-event.js';
import { HeldWriter, type SseWriter } from './held-writer.js';
import { NestWriter } from './nest-writer.js';

/** What a session gives to the opening of its stream, and what it learns from it. */
export interface OpeningSteps {
  /** Asked once for each subscriber. */
  readonly event: () => ConnectedEvent;
  /** The first frame is written: every later one is the session's. */
  readonly opened: () => void;
  /** Interceptors let nothing through. The response is untouched and has to be answered. */
  readonly declined: () => void;
}

/**
 * The way of the first frame to the client, through Nest's `@Sse()` route.
 *
 * Nest pipes its writer into the response after the route's handler ran, or before, where interceptors are
 * around it: then the handler runs when they subscribe to it, if they do.
 */
export class Opening {
  private isRequested = false;
  private isIntercepted = false;
  private direct: NestWriter | undefined;
  /** Completes with the stream, for interceptors that wait for its end. */
  private readonly over = new Subject<never>();

  constructor(
    private readonly response: ServerResponse,
    private readonly steps: OpeningSteps,
  ) {
    response.once('pipe', this.onPipe);
  }

  /** What the handler returns: the connected event. */
  events(): Observable<MessageEvent> {
    this.isRequested = true;
    // Interceptors may subscribe more than once, and leave when they like: it ends nothing.
    if (this.isIntercepted) return defer(() => this.over.pipe(startWith(this.steps.event())));
    return new Observable((nest) => {
      this.direct?.whenWritten(() => {
        nest.complete();
        this.steps.opened();
      });
      nest.next(this.steps.event());
    });
  }

  /** The stream is over, or will not begin. */
  close(): void {
    this.response.off('pipe', this.onPipe);
    this.direct?.release();
    this.over.complete();
  }

  private readonly onPipe = (source: Readable): void => {
    const { response, steps } = this;
    if (this.isRequested) {
      this.direct = new NestWriter(source, response);
      return;
    }
    this.isIntercepted = true;
    new HeldWriter(source as SseWriter, response, {
      isRequested: () => this.isRequested,
      opened: () => {
        response.write(connectedFrame(steps.event()));
        steps.opened();
      },
      declined: steps.declined,
    });
  };
}
