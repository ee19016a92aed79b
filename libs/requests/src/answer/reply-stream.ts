import type { ServerResponse } from 'node:http';
import type { Observable, Subscription } from 'rxjs';
import { endFrame, failedFrame, HEARTBEAT, replyFrame } from '../replies/reply-frames.js';
import type { Reply } from '../replies/reply.interface.js';
import { RequestFailure, type RequestFailureKind } from '../replies/request-failure.js';
import { ReplyWriter } from './reply-writer.js';

/** The service options that a stream needs. */
export interface ReplyStreamOptions {
  readonly heartbeatMs: number;
  readonly clientBufferSize: number;
  readonly writeTimeoutMs?: number;
}

/** How a stream ended. */
export type StreamEnd = 'answered' | 'client_left' | RequestFailure;

const MAX_BYTES_WAITING = 1024 * 1024;
/** How long an ended response may take to close if `write_timeout` is off. */
const CLOSING_MS = 30_000;
/**
 * A "no responders" answer arrives within one round trip to NATS. The headers wait this long, so that it
 * can be sent as a status; slower services do not delay the headers further.
 */
const HEADERS_WAIT_MS = 500;

/** Failures before anything reached a service: sent as statuses, unless the headers were sent. */
const STATUSES: ReadonlySet<RequestFailureKind> = new Set<RequestFailureKind>([
  'no_responders',
  'unavailable',
  'denied',
  'too_large',
]);

const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/**
 * Sends the replies of one request as an event stream (contract §11), and unsubscribes when the client
 * leaves. One object per stream owns its timers, its listener and the subscription.
 */
export class ReplyStream {
  private readonly writer: ReplyWriter;
  private replies = 0;
  private subscription: Subscription | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private settle: { resolve(end: StreamEnd): void; reject(error: unknown): void } | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: ReplyStreamOptions,
  ) {
    this.writer = new ReplyWriter(response, {
      maxFrames: options.clientBufferSize,
      maxBytes: MAX_BYTES_WAITING,
    });
  }

  /**
   * Resolves when the stream has ended, whatever the reason.
   *
   * @throws RequestFailure if it has not started: the answer is a status
   */
  send(replies$: Observable<Reply>): Promise<StreamEnd> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.response.once('close', this.left);
      if (this.response.destroyed || this.response.closed) return this.left();
      this.heartbeat = setTimeout(
        () => this.beat(),
        Math.min(HEADERS_WAIT_MS, this.options.heartbeatMs),
      );
      this.subscription = replies$.subscribe({
        next: (reply) => this.next(reply),
        complete: () => this.end(endFrame(this.replies), 'answered'),
        error: (error: unknown) => this.fail(error),
      });
      // If it ended synchronously, the subscription was not known yet.
      if (this.settle === undefined) this.subscription.unsubscribe();
    });
  }

  private next(reply: Reply): void {
    this.open();
    if (this.writer.offer(replyFrame(this.replies + 1, reply))) this.replies += 1;
    else this.fail(new RequestFailure('slow_client'));
  }

  private fail(error: unknown): void {
    const isKnown = error instanceof RequestFailure;
    if (!this.response.headersSent && !(isKnown && !STATUSES.has(error.kind))) {
      this.stop()?.reject(error);
      return;
    }
    const failure = isKnown ? error : new RequestFailure('service_error', {}, { cause: error });
    const { code, message } = failure;
    this.open();
    this.end(failedFrame({ code, message }), failure);
  }

  /** Sends the headers with the first frame, or alone if that takes too long. */
  private open(): void {
    if (this.response.headersSent) {
      this.heartbeat?.refresh();
      return;
    }
    this.response.writeHead(200, HEADERS);
    clearTimeout(this.heartbeat);
    this.heartbeat = setTimeout(() => this.beat(), this.options.heartbeatMs);
  }

  private beat(): void {
    if (!this.response.headersSent) {
      this.open();
      this.response.flushHeaders();
      return;
    }
    this.heartbeat?.refresh();
    // A heartbeat on a full socket would be useless.
    if (this.writer.isIdle) this.writer.offer(HEARTBEAT);
  }

  private end(frame: Buffer, end: StreamEnd): void {
    this.open();
    const settle = this.stop();
    this.writer.end(frame);
    const { response } = this;
    const closing = setTimeout(
      () => response.destroy(),
      this.options.writeTimeoutMs ?? CLOSING_MS,
    ).unref();
    response.once('close', () => clearTimeout(closing));
    settle?.resolve(end);
  }

  private readonly left = (): void => {
    const settle = this.stop();
    this.writer.release();
    settle?.resolve('client_left');
  };

  private stop(): typeof this.settle {
    const { settle } = this;
    this.settle = undefined;
    clearTimeout(this.heartbeat);
    this.response.off('close', this.left);
    this.subscription?.unsubscribe();
    return settle;
  }
}
