/** How long a request waits for a stream that is temporarily unreadable, in ms (contract §4). */
const PATIENCE_MS = 1000;
/** Where reads are slow, a request waits for so many times the last one, and no longer than this, in ms. */
const SLOW_READS = 3;
const MAX_PATIENCE_MS = 3000;
/** Pause before a failed read is repeated, in ms. */
const PAUSE_MS = 50;
/** Timers can fire slightly early. */
const EARLY_MS = 5;

interface Waiter<T> {
  readonly dueMs: number;
  resolve(value: T): void;
  reject(error: unknown): void;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Repeats a failing read for up to a second, for example during a leader election. All waiting callers
 * share one read and one timer.
 *
 * On a slow link, or beside an overloaded JetStream, every read may take longer than that, and no request
 * would ever succeed. The time of the last read, also of a late one, therefore extends the wait.
 */
export class RetryingRead<T> {
  private waiters: Waiter<T>[] = [];
  private isRunning = false;
  private waitMs = PATIENCE_MS;

  /**
   * @param isHopeless whether an error makes retries pointless
   * @param late creates the error for a read without a response in time
   * @param lastReadMs the time of the last read for other purposes: on a slow link, the first request waits
   *   long enough too
   */
  constructor(
    private readonly read: () => Promise<T>,
    private readonly isHopeless: (error: unknown) => boolean,
    private readonly late: () => Error,
    private readonly lastReadMs: () => number = () => 0,
  ) {}

  /** Resolves with the result of a read that started after this call. Rejects with the last error when the wait is over. */
  afterNow(): Promise<T> {
    const waitMs = Math.max(this.waitMs, waitFor(this.lastReadMs()));
    return new Promise((resolve, reject) => {
      this.waiters.push({ dueMs: performance.now() + waitMs, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    for (let first = this.waiters[0]; first !== undefined; first = this.waiters[0]) {
      const asked = this.waiters;
      this.waiters = [];
      const outcome = await this.attempt(first.dueMs - performance.now());
      if ('value' in outcome) for (const waiter of asked) waiter.resolve(outcome.value);
      else await this.failed(asked, outcome.error);
    }
    this.isRunning = false;
  }

  private async failed(asked: readonly Waiter<T>[], error: unknown): Promise<void> {
    const isOver = this.isHopeless(error);
    const now = performance.now();
    const waiting: Waiter<T>[] = [];
    for (const waiter of asked) {
      if (isOver || waiter.dueMs - EARLY_MS <= now) waiter.reject(error);
      else waiting.push(waiter);
    }
    if (waiting.length === 0) return;
    this.waiters = [...waiting, ...this.waiters];
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }

  private async attempt(ms: number): Promise<Outcome<T>> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Outcome<T>>((resolve) => {
      timer = setTimeout(() => resolve({ error: this.late() }), Math.max(0, ms));
    });
    const since = performance.now();
    const read = this.read().then(
      (value): Outcome<T> => {
        this.took(performance.now() - since);
        return { value };
      },
      (error: unknown): Outcome<T> => ({ error }),
    );
    const outcome = await Promise.race([read, late]);
    clearTimeout(timer);
    return outcome;
  }

  private took(ms: number): void {
    this.waitMs = waitFor(ms);
  }
}

function waitFor(readMs: number): number {
  return Math.min(MAX_PATIENCE_MS, Math.max(PATIENCE_MS, SLOW_READS * readMs));
}
