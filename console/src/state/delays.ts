const KEPT = 200;

/** Delays of the newest live events from being stored to being here, in ms. */
export class Delays {
  private readonly all: number[] = [];

  /** Clocks of two machines: what would be negative counts as nothing. */
  add(storedAt: string, receivedAt: number): void {
    const at = Date.parse(storedAt);
    if (Number.isNaN(at)) return;
    this.all.push(Math.max(0, receivedAt - at));
    if (this.all.length > KEPT) this.all.shift();
  }

  clear(): void {
    this.all.length = 0;
  }

  /** Undefined while there is none. */
  median(): number | undefined {
    const sorted = [...this.all].sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length / 2)];
  }
}
