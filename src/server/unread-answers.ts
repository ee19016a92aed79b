import type { ServerResponse } from 'node:http';
import { StallWatch, type WatchedConnection } from '@nuts/streaming';

/** Event streams follow the rule of their hub or service, which may be off. */
const EVENT_STREAM = 'text/event-stream';

/**
 * Disconnects clients that do not read their answer, whatever the route: metrics, the console, pages and
 * errors. Node's own timeouts cover only the time until the request has arrived, and between requests; its
 * timeout of a socket starts again with each byte that the client sends.
 *
 * A timer looks for answers in progress. Most answers are finished before it sees them; the others are
 * watched, and end when the client has acknowledged no byte for the timeout.
 */
export class UnreadAnswers {
  private readonly answers = new Map<ServerResponse, WatchedConnection | undefined>();
  private readonly periodMs: number;
  private readonly stalls: StallWatch;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly timeoutMs: number) {
    this.periodMs = Math.min(Math.max(timeoutMs / 4, 50), 5000);
    this.stalls = new StallWatch(this.periodMs);
  }

  /** Number of answers in progress that are not known to be event streams. */
  get size(): number {
    return this.answers.size;
  }

  /** Call {@link release} when the response has closed. */
  watch(response: ServerResponse): void {
    this.answers.set(response, undefined);
    this.timer ??= setInterval(() => this.check(), this.periodMs).unref();
  }

  release(response: ServerResponse): void {
    this.answers.get(response)?.release();
    this.answers.delete(response);
    if (this.answers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private check(): void {
    for (const [response, watched] of this.answers) {
      // Without a socket it waits behind another answer, which is checked.
      if (!response.headersSent || response.socket === null) continue;
      if (isEventStream(response)) this.release(response);
      else if (watched === undefined) {
        this.answers.set(response, this.stalls.watch(response.socket));
      } else if (watched.stalledMs >= this.timeoutMs) response.socket.destroy();
    }
  }
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith(EVENT_STREAM);
}
