/** What the parts of one turn of the event loop may take together, in ms. */
const TURN_MS = 10;
/** Shorter work is not counted: thousands of small parts are what a turn is for. */
const COUNTED_MS = 0.5;

/**
 * Spreads long work over turns of the event loop: what would follow when a turn's time is used up waits for
 * one of the next turns, first come, first served. So nobody else waits longer than {@link TURN_MS} and one
 * part.
 */
export class TurnBudget {
  private spentMs = 0;
  private waiting: (() => void)[] = [];
  private isScheduled = false;

  /** @param now a clock in ms */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whether more work has to wait for another turn. */
  get isUsedUp(): boolean {
    return this.spentMs >= TURN_MS;
  }

  /** A part of the work is done, which began at this time of `now`. */
  spentSince(began: number): void {
    const ms = this.now() - began;
    if (ms < COUNTED_MS) return;
    this.spentMs += ms;
    this.schedule();
  }

  /** Calls back in one of the next turns. */
  wait(work: () => void): void {
    this.waiting.push(work);
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.spentMs = 0;
      this.resume();
    });
  }

  private resume(): void {
    const due = this.waiting;
    this.waiting = [];
    let next = 0;
    while (next < due.length && !this.isUsedUp) due[next++]?.();
    if (next === due.length) return;
    // What came meanwhile comes behind those that still wait.
    this.waiting = [...due.slice(next), ...this.waiting];
    this.schedule();
  }
}
