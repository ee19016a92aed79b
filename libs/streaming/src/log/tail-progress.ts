/** A tail that delivers nothing for so long, though the stream has something for it, is replaced, in ms. */
const OWED_MS = 400;

/** What is watched. */
export interface WatchedTail {
  /** The sequence that the tail has delivered. */
  delivered(): number;
  /** Whether the stream is known to hold a message that the tail has not delivered. */
  isOwed(): boolean;
  /** Makes another consumer. */
  replace(): void;
}

/**
 * Notices a tail that stands still while the stream goes on: the server that has its consumer is dead
 * or frozen, or the consumer is paused. Missed heartbeats would tell it after two intervals.
 */
export class TailProgress {
  private heardThrough = -1;
  private check: NodeJS.Timeout | undefined;

  constructor(private readonly tail: WatchedTail) {}

  /** Whether nothing came since the last call. */
  isQuiet(): boolean {
    const before = this.heardThrough;
    this.heardThrough = this.tail.delivered();
    return before === this.heardThrough;
  }

  /** The stream was just read: the tail has a moment for what it owes. */
  expect(): void {
    if (!this.tail.isOwed() || this.check !== undefined) return;
    const before = this.tail.delivered();
    this.check = setTimeout(() => {
      this.check = undefined;
      // A process that was busy first reads what arrived meanwhile.
      setImmediate(() => {
        if (this.tail.delivered() === before && this.tail.isOwed()) this.tail.replace();
      });
    }, OWED_MS);
  }

  stop(): void {
    clearTimeout(this.check);
    this.check = undefined;
  }
}
