import type { StreamLog } from '../log/stream-log.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';

/** How long a request waits for the shared reader, in ms (contract §2). */
const PATIENCE_MS = 1000;
/** Polling interval while requests wait, in ms; one timer for all of them. */
const CHECK_MS = 20;
/** Requests released per turn of the event loop: each plans and opens a stream. */
const RELEASED_AT_ONCE = 64;

/** The log that requests wait for. */
export type RecoveringLog = Pick<StreamLog, 'canServe' | 'shortenPause'> & {
  readonly client: Pick<StreamLog['client'], 'status'>;
};

interface Waiter {
  readonly dueMs: number;
  finish(hasRecovered: boolean): void;
}

/**
 * Holds requests that arrive while NATS is connected but the shared reader is not: its consumer was lost,
 * the stream was recreated, or a new leader was elected. All of them share one timer, which runs only while
 * a request waits.
 */
export class ReaderRecovery {
  // In order of arrival, so also in order of their timeouts.
  private readonly waiters = new Set<Waiter>();
  private next: NodeJS.Timeout | undefined;

  constructor(private readonly log: RecoveringLog) {}

  /** Number of waiting requests. */
  get waiting(): number {
    return this.waiters.size;
  }

  /**
   * @param signal aborts when the client leaves
   * @throws StreamRefusal immediately while NATS is disconnected, after a second, or when the client leaves
   */
  async wait(signal: AbortSignal): Promise<void> {
    const { log } = this;
    if (log.canServe) return;
    if (log.client.status === 'connected' && (await this.recovers(signal))) return;
    throw new StreamRefusal(
      'jetstream_unavailable',
      signal.aborted ? { reason: 'client_context_done' } : {},
    );
  }

  private recovers(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const leave = (): void => waiter.finish(false);
      const waiter: Waiter = {
        dueMs: performance.now() + PATIENCE_MS,
        finish: (hasRecovered) => {
          this.waiters.delete(waiter);
          signal.removeEventListener('abort', leave);
          if (this.waiters.size === 0) this.stop();
          resolve(hasRecovered);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiters.add(waiter);
      this.log.shortenPause();
      this.next ??= this.scheduleCheck();
    });
  }

  private check(): void {
    const { log } = this;
    const isOver = log.client.status !== 'connected';
    if (isOver || log.canServe) {
      let left = RELEASED_AT_ONCE;
      for (const waiter of this.waiters) {
        if (left-- === 0) break;
        waiter.finish(!isOver);
      }
    } else {
      const now = performance.now();
      for (const waiter of this.waiters) {
        if (waiter.dueMs > now) break;
        waiter.finish(false);
      }
      log.shortenPause();
    }
    this.next = this.waiters.size === 0 ? undefined : this.scheduleCheck(isOver || log.canServe);
  }

  private scheduleCheck(isReleasing = false): NodeJS.Timeout {
    return setTimeout(() => this.check(), isReleasing ? 0 : CHECK_MS);
  }

  private stop(): void {
    clearTimeout(this.next);
    this.next = undefined;
  }
}
