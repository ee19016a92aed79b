/** The number of suppressed lines of one key. */
export interface SuppressedLines {
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
 * Allows a number of lines per key and second, and counts the rest. Windows are fixed, so a burst across a
 * boundary may pass twice; an exact limit would need a queue per key.
 */
export class LineBudget {
  private window = emptyWindow(-Infinity);
  private held = new Map<string, number>();

  /**
   * @param perSecond lines per key and second
   * @param bytesPerSecond bytes per key and second; the line that exceeds them is the last one
   * @param maxKeys maximum number of distinct keys per second; the rest share one. Keys may contain text
   *   from clients, so their number must be limited.
   */
  constructor(
    private readonly perSecond: number,
    private readonly bytesPerSecond = Infinity,
    private readonly maxKeys = 1000,
  ) {}

  /** Whether a line with this key may be printed now (ms, of a monotonic clock). */
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

  /** Adds the bytes of an allowed line. */
  spend(key: string, bytes: number): void {
    const counted = this.countedAs(key);
    this.window.bytes.set(counted, (this.window.bytes.get(counted) ?? 0) + bytes);
  }

  /** The suppressed lines since the last call; starts a new window. */
  settle(): SuppressedLines[] {
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
