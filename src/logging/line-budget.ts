/** What became of a line: printed, or one of so many that were held back. */
export interface HeldBack {
  readonly key: string;
  readonly lines: number;
}

interface Window {
  readonly start: number;
  readonly counts: Map<string, number>;
}

/**
 * Lets the first lines of a kind through in each second, and counts the rest. Windows are fixed:
 * a burst across a boundary passes twice, which is cheap; an exact limit would need a queue a key.
 */
export class LineBudget {
  private window: Window = { start: -Infinity, counts: new Map() };

  /**
   * @param perSecond lines of one key in one second
   * @param maxKeys keys that are told apart in one second; the rest share one. A key may hold text
   *   that a stranger chose, so its number must be bounded.
   */
  constructor(
    private readonly perSecond: number,
    private readonly maxKeys = 1000,
  ) {}

  /** True when a line of this key may be printed at this moment (ms, of any steady clock). */
  admit(key: string, nowMs: number): boolean {
    if (nowMs - this.window.start >= 1000) this.window = { start: nowMs, counts: new Map() };
    const { counts } = this.window;
    const counted = counts.has(key) || counts.size < this.maxKeys ? key : '…';
    const count = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, count);
    return count <= this.perSecond;
  }

  /** What was held back since the window began; begins a new one. */
  settle(): HeldBack[] {
    const { counts } = this.window;
    this.window = { start: -Infinity, counts: new Map() };
    return [...counts]
      .filter(([, count]) => count > this.perSecond)
      .map(([key, count]) => ({ key, lines: count - this.perSecond }));
  }
}
