/** A tail that delivers nothing for this time, although the stream holds more for it, is replaced, in ms. */
const STALLED_MS = 400;

/** The observed tail. */
export interface WatchedTail {
  /** The last sequence that the tail delivered. */
  delivered(): number;
  /** Whether the stream is known to hold a message that the tail has not delivered. */
  isBehind(): boolean;
  /** Creates another consumer. */
  replace(): void;
}

/**
 * Detects a tail that stops while the stream goes on: the server of its consumer is down or frozen, or the
 * consumer is paused. Missed heartbeats would show that only after two intervals.
 */
export class TailProgress {
  private heardThrough = -1;
  private check: NodeJS.Timeout | undefined;

  constructor(private readonly tail: WatchedTail) {}

  /** Whether nothing was delivered since the last call. */
  isQuiet(): boolean {
    const before = this.heardThrough;
    this.heardThrough = this.tail.delivered();
    return before === this.heardThrough;
  }

  /** Stream info was just read: the tail has a short time to deliver what is pending. */
  expect(): void {
    if (!this.tail.isBehind() || this.check !== undefined) return;
    const before = this.tail.delivered();
    this.check = setTimeout(() => {
      this.check = undefined;
      // After a long turn, the process first handles messages that have already arrived.
      setImmediate(() => {
        if (this.tail.delivered() === before && this.tail.isBehind()) this.tail.replace();
      });
    }, STALLED_MS);
  }

  stop(): void {
    clearTimeout(this.check);
    this.check = undefined;
  }
}
