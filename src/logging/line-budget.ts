/** What became of a line: printed, or one of so many that were held back. */
export interface HeldBack {
  readonly key: string;
  readonly lines: number;
}

interface Window {
  readonly start: number;
  readonly counts: Map<string, number>;
  readonly bytes: Map<string, number>;
}

const emptyWindow = (start: number): Window => ({ start, counts: new Map(), bytes: new Map() });

/**
 * Lets the first lines of a kind through in each second, and counts the rest. Windows are fixed:
 * a burst across a boundary passes twice, which is cheap; an exact limit would need a queue a key.
 */
export class LineBudget {
  private window = emptyWindow(-Infinity);
  private held = new Map<string, number>();

  /**
   * @param perSecond lines of one key in one second
   * @param bytesPerSecond bytes of one key in one second; the line that exceeds them is the last one
   * @param maxKeys keys that are told apart in one second; the rest share one. A key may hold text
   *   that a stranger chose, so its number must be bounded.
   */
  constructor(
    private readonly perSecond: number,
    private readonly bytesPerSecond = Infinity,
    private readonly maxKeys = 1000,
  ) {}

  /** True when a line of this key may be printed at this moment (ms, of any steady clock). */
  admit(key: string, nowMs: number): boolean {
    if (nowMs - this.window.start >= 1000) this.window = emptyWindow(nowMs);
    const { counts, bytes } = this.window;
    const counted = this.countedAs(key);
    const count = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, count);
    if (count <= this.perSecond && (bytes.get(counted) ?? 0) < this.bytesPerSecond) return true;
    this.held.set(counted, (this.held.get(counted) ?? 0) + 1);
    return false;
  }

  /** Counts the bytes of a line that was admitted. */
  spend(key: string, bytes: number): void {
    const counted = this.countedAs(key);
    this.window.bytes.set(counted, (this.window.bytes.get(counted) ?? 0) + bytes);
  }

  /** What was held back since the last call; begins a new window. */
  settle(): HeldBack[] {
    const { held } = this;
    this.held = new Map();
    this.window = emptyWindow(-Infinity);
    return [...held].map(([key, lines]) => ({ key, lines }));
  }

  private countedAs(key: string): string {
    const { counts } = this.window;
    return counts.has(key) || counts.size < this.maxKeys ? key : '…';
  }
}
