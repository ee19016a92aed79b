/**
 * Calls `silent` once when nothing was heard for `limitMs`. Hearing costs a clock reading, not a timer.
 * By the wall clock: a machine that slept finds out when it wakes.
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

  /** From now on another limit. */
  limit(ms: number): void {
    this.limitMs = ms;
    this.stop();
    this.#arm(ms);
  }

  /** Looks at once, as after a sleep during which timers stood still. False when it is over. */
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
