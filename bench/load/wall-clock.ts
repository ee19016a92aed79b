/** Unix time in ms with the resolution of the monotonic clock: `Date.now` returns whole ms. */
export class WallClock {
  private offset = 0;

  constructor() {
    this.calibrate();
  }

  now(): number {
    return this.offset + performance.now();
  }

  /** Waits for the tick of the wall clock; takes 1 ms at most. */
  calibrate(): void {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    this.offset = now - performance.now();
  }
}
