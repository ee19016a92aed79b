import type { Position } from './generation.js';

/** Positions whose time is remembered. */
const REMEMBERED = 256;

/** Stored times of positions that are no messages of the window, for cursors that bear a time. */
export class KnownTimes {
  private readonly times = new Map<number, bigint>();

  at(sequence: number): bigint | undefined {
    return this.times.get(sequence);
  }

  remember({ sequence, timeNanos }: Position): void {
    this.times.set(sequence, timeNanos);
    const [oldest] = this.times.keys();
    if (this.times.size > REMEMBERED && oldest !== undefined) this.times.delete(oldest);
  }

  clear(): void {
    this.times.clear();
  }
}
