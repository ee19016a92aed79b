import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { MessageEvent } from '@nestjs/common';
import { defer, Observable, startWith, Subject } from 'rxjs';
import { type ConnectedEvent, connectedFrame } from '../frames/connected-event.js';
import { DeferredWriter, type SseWriter } from './deferred-writer.js';
import { NestWriter } from './nest-writer.js';

/** Callbacks between a session and the opening of its stream. */
export interface OpeningSteps {
  /** Called once per subscriber. */
  readonly event: () => ConnectedEvent;
  /** The first frame was written; the session writes all later ones. */
  readonly opened: () => void;
  /** The interceptors emitted no event. The response is untouched and must be answered. */
  readonly declined: () => void;
}

/**
 * Opens the stream in Nest's `@Sse()` route.
 *
 * Nest pipes its writer into the response after the route's handler ran. With interceptors it does so
 * before: the handler then runs when they subscribe to it, if they do.
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

  /** The Observable for the handler to return; interceptors get the connected event. */
  events(): Observable<MessageEvent> {
    this.isRequested = true;
    // Interceptors may subscribe more than once and unsubscribe at any time: that does not end the stream.
    if (this.isIntercepted) return defer(() => this.over.pipe(startWith(this.steps.event())));
    return new Observable((nest) => {
      const { direct, steps } = this;
      // The handler was called by something else than Nest's `@Sse()` route.
      if (direct === undefined) return nest.next(steps.event());
      direct.open(connectedFrame(steps.event()));
      // Everything that Nest holds for the stream can then be collected: 11 KB of heap per browser.
      nest.complete();
      steps.opened();
    });
  }

  /** The stream has ended, or will not start. */
  close(): void {
    this.response.off('pipe', this.onPipe);
    this.over.complete();
  }

  private readonly onPipe = (source: Readable): void => {
    const { response, steps } = this;
    if (this.isRequested) {
      this.direct = new NestWriter(source as SseWriter, response);
      return;
    }
    this.isIntercepted = true;
    new DeferredWriter(source as SseWriter, response, {
      isRequested: () => this.isRequested,
      opened: () => {
        response.write(connectedFrame(steps.event()));
        steps.opened();
      },
      declined: steps.declined,
    });
  };
}
