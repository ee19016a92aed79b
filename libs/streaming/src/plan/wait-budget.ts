/** How long the reads of one request may take before its answer begins, in ms. */
const MIN_MS = 2000;
/** Where reads are slow, a request may wait for so many times the last one, and no longer than this, in ms. */
const SLOW_READS = 10;
const MAX_MS = 8000;

/** The wait of a request, given the time of the last read of the stream, in ms. */
export function budgetFor(readMs: number): number {
  return Math.min(MAX_MS, Math.max(MIN_MS, SLOW_READS * readMs));
}

/**
 * Limits how long one request waits for the stream before its answer begins. Each read has a timeout of its
 * own, but a request needs several: without a common limit, they add up.
 *
 * Waiting for a turn, such as for a replay slot, does not count: the stream is readable, and turns are fair.
 */
export class WaitBudget {
  private since = 0;
  private timer: NodeJS.Timeout | undefined;
  private over: (() => void) | undefined;

  constructor(private leftMs: number) {}

  /** Counts until {@link stop}; calls back, once, when nothing is left. */
  start(over: () => void): void {
    this.over = over;
    this.resume();
  }

  /** What is left is kept for the next start. */
  stop(): void {
    this.pause();
    this.over = undefined;
  }

  /** Begins or ends a wait that does not count. */
  readonly waiting = (isWaiting: boolean): void => {
    if (isWaiting) this.pause();
    else this.resume();
  };

  private resume(): void {
    if (this.over === undefined || this.timer !== undefined) return;
    this.since = performance.now();
    this.timer = setTimeout(() => {
      // After a long turn of the event loop, the answer may be there already: it is read before this.
      setImmediate(() => this.expire());
    }, this.leftMs);
  }

  private pause(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.leftMs = Math.max(0, this.leftMs - (performance.now() - this.since));
  }

  private expire(): void {
    const { over, timer } = this;
    if (timer === undefined || over === undefined) return;
    this.stop();
    over();
  }
}
