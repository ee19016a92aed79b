/** Delay if the server sends none. */
const DEFAULT_RETRY_MS = 1_000;

/** Maximum delay of the backoff, unless the server asks for more. */
const MAX_GROWN_MS = 30_000;

/** Maximum delay accepted from a server: an hour. A timer of more than 24 days fires immediately. */
const MAX_MS = 3_600_000;

/** Calculates when to reconnect. */
export class RetryDelay {
  #named: number | undefined;
  #failures = 0;

  constructor(private readonly random: () => number = Math.random) {}

  /** The server responded with an event stream. */
  answered(): void {
    this.#failures = 0;
  }

  /** The server set a delay, including its own jitter; it applies until the next one. */
  name(ms: number): void {
    this.#named = ms;
  }

  /** An attempt got no event stream. */
  failed(): void {
    this.#failures += 1;
  }

  /** Time to wait in ms; at least `atLeastMs`, from a single response. */
  next(atLeastMs = 0): number {
    const base = this.#named ?? DEFAULT_RETRY_MS * this.#jitter();
    const grown =
      this.#failures < 2
        ? 0
        : Math.min(DEFAULT_RETRY_MS * 2 ** (this.#failures - 1), MAX_GROWN_MS) * this.#jitter();
    return Math.round(Math.min(Math.max(base, grown, atLeastMs), MAX_MS));
  }

  /** 0.5 to 1.5, so that clients disconnected together do not reconnect together. */
  #jitter(): number {
    return 0.5 + this.random();
  }
}
