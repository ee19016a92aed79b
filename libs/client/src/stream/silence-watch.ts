/**
 * Calls `silent` once after `limitMs` without data. Each sign of life costs a clock reading, not a timer.
 * Uses the wall clock, so that a machine detects the silence when it wakes from sleep.
 */
export class SilenceWatch {
  #heardAt = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private limitMs: number,
    private readonly silent: () => void,
  ) {
    this.#arm(limitMs);
  }

  heard(): void {
    this.#heardAt = Date.now();
  }

  /** Changes the limit. */
  limit(ms: number): void {
    this.limitMs = ms;
    this.stop();
    this.#arm(ms);
  }

  /** Checks now, for example after a sleep during which timers stopped. Returns false if the limit was exceeded. */
  check(): boolean {
    if (this.#timer === undefined) return false;
    this.stop();
    const left = this.#heardAt + this.limitMs - Date.now();
    if (left > 0) this.#arm(left);
    else this.silent();
    return left > 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.check(), ms);
  }
}
