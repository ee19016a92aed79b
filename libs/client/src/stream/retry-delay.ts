/** Delay where the server has named none. */
const DEFAULT_RETRY_MS = 1_000;

/** Attempts grow no further apart than this, unless the server asks for more. */
const LONGEST_GROWN_MS = 30_000;

/** The longest delay that is taken from a server: an hour. A timer of more than 24 days fires at once. */
const LONGEST_MS = 3_600_000;

/** When to connect again. */
export class RetryDelay {
  #named: number | undefined;
  #failures = 0;

  constructor(private readonly random: () => number = Math.random) {}

  /** The server answered with an event stream. */
  answered(): void {
    this.#failures = 0;
  }

  /** The server named a delay, with its own jitter; it lasts until the next one. */
  name(ms: number): void {
    this.#named = ms;
  }

  /** An attempt got no event stream. */
  failed(): void {
    this.#failures += 1;
  }

  /** ms to wait; at least `atLeastMs`, which one answer asked for. */
  next(atLeastMs = 0): number {
    const base = this.#named ?? DEFAULT_RETRY_MS * this.#jitter();
    const grown =
      this.#failures < 2
        ? 0
        : Math.min(DEFAULT_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_GROWN_MS) * this.#jitter();
    return Math.round(Math.min(Math.max(base, grown, atLeastMs), LONGEST_MS));
  }

  /** 0.5 to 1.5: a crowd that was cut off together does not come back together. */
  #jitter(): number {
    return 0.5 + this.random();
  }
}
