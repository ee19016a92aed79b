/** Eight updates per second are smooth enough for numbers and leave the thread to the events. */
const EVERY_MS = 125;
const EVERY_MS_REDUCED = 500;

/** Redraws changed parts in animation frames, at this rate at most. A hidden page draws nothing. */
export class Ticker {
  private readonly drawers: (() => void)[] = [];
  private last = 0;
  private readonly everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches
    ? EVERY_MS_REDUCED
    : EVERY_MS;

  /** Adds a draw function, which checks itself whether anything has changed. */
  add(draw: () => void): void {
    this.drawers.push(draw);
  }

  start(): void {
    const turn = (now: number): void => {
      requestAnimationFrame(turn);
      if (now - this.last < this.everyMs) return;
      this.last = now;
      for (const draw of this.drawers) draw();
    };
    requestAnimationFrame(turn);
  }
}
