/** A seeded random generator: the same seed repeats a run, as far as timing allows. */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** The seed of this run: `CHAOS_SEED`, otherwise a new one; printed, so that the run can be repeated. */
  static ofRun(name: string): Random {
    const given = Number(process.env['CHAOS_SEED']);
    const seed = given > 0 ? given : Date.now() % 1_000_000_007;
    process.stdout.write(`\n${name}: CHAOS_SEED=${seed}\n`);
    return new Random(seed);
  }

  /** Uniform in [0, 1): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)] as T;
  }

  /** A separate generator, so that one actor's calls do not affect those of another. */
  fork(): Random {
    return new Random(this.between(1, 2 ** 31));
  }
}
