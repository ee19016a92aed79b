/**
 * Calls back after a period of silence. Signs of life only record the time: resetting a timer a hundred
 * thousand times per second is expensive.
 */
export class Watchdog {
  private last = performance.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly silenceMs: number,
    private readonly onSilence: () => void,
  ) {
    this.arm(silenceMs);
  }

  alive(): void {
    this.last = performance.now();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(ms: number): void {
    this.timer = setTimeout(() => {
      const rest = this.last + this.silenceMs - performance.now();
      if (rest <= 0) this.onSilence();
      else this.arm(rest);
    }, Math.ceil(ms));
  }
}
