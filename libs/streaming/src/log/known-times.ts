import type { Position } from './generation.js';

/** Maximum number of remembered times. */
const REMEMBERED = 256;

/** Stored times of positions without a message in the window, for cursors that contain a time. */
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
