/** Width of a bucket: 2 %, so a percentile is off by 1 % at most. */
const GROWTH = Math.log(1.02);
/** Smallest distinguished value, ms. */
const MIN_MS = 0.01;

/** A histogram as sent between processes: bucket number to count. */
export type HistogramData = readonly (readonly [bucket: number, count: number])[];

/**
 * Durations in ms, in buckets that grow by 2 %: constant memory however many are recorded, and two
 * of them add up, so that several load processes give one percentile.
 */
export class Histogram {
  private readonly buckets = new Map<number, number>();
  private total = 0;

  static from(...parts: readonly HistogramData[]): Histogram {
    const sum = new Histogram();
    for (const [bucket, count] of parts.flat()) sum.add(bucket, count);
    return sum;
  }

  get count(): number {
    return this.total;
  }

  get data(): HistogramData {
    return [...this.buckets];
  }

  /** Smaller values, including negative ones from clock jitter, count as the smallest. */
  record(ms: number): void {
    this.add(ms <= MIN_MS ? 0 : Math.ceil(Math.log(ms / MIN_MS) / GROWTH), 1);
  }

  /** The value that this share of the recorded ones does not exceed; NaN without any. */
  percentile(share: number): number {
    let left = Math.ceil(this.total * share);
    for (const [bucket, count] of [...this.buckets].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return MIN_MS * Math.exp((bucket - 0.5) * GROWTH);
    }
    return NaN;
  }

  clear(): void {
    this.buckets.clear();
    this.total = 0;
  }

  private add(bucket: number, count: number): void {
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + count);
    this.total += count;
  }
}
