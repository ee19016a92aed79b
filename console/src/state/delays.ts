const KEPT = 200;

/** Delays of the newest live events, from storage to arrival, in ms. */
export class Delays {
  private readonly all: number[] = [];

  /** The clocks of two machines may differ: negative values count as 0. */
  add(storedAt: string, receivedAt: number): void {
    const at = Date.parse(storedAt);
    if (Number.isNaN(at)) return;
    this.all.push(Math.max(0, receivedAt - at));
    if (this.all.length > KEPT) this.all.shift();
  }

  clear(): void {
    this.all.length = 0;
  }

  /** Undefined if there are none. */
  median(): number | undefined {
    const sorted = [...this.all].sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length / 2)];
  }
}
