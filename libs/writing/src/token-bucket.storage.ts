import type { ThrottlerStorage } from '@nestjs/throttler';

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** How many periods' worth a client may send at once. */
const BURST_PERIODS = 2;
/** Clients remembered at most; beyond that the one that was idle longest starts afresh. */
const MAX_CLIENTS = 100_000;
/** Idle clients looked at for each message: more than one, so that they go faster than they come. */
const SWEPT_PER_HIT = 2;

/**
 * Token buckets in memory: `limit` hits for each `ttl`, and twice that at once. One number a client
 * (the time at which its bucket is full again), no timer; clients with a full bucket are forgotten.
 */
export class TokenBucketStorage implements ThrottlerStorage {
  /** When each bucket is full again, in ms; the order is that of the last hit. */
  private readonly fullAt = new Map<string, number>();

  /** @param now the clock, in ms; steady */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Clients that are remembered. */
  get size(): number {
    return this.fullAt.size;
  }

  /** Times are in ms, those of the result in seconds, as the port has them. */
  increment(key: string, ttl: number, limit: number): Promise<Hit> {
    const now = this.now();
    this.sweep(now);
    const step = ttl / limit;
    const depth = step * limit * BURST_PERIODS;
    const fullAt = Math.max(now, this.fullAt.get(key) ?? 0) + step;
    // A tolerance for sums of fractions that miss a whole number of steps.
    const waitMs = fullAt - now - depth;
    const isBlocked = waitMs > step * 1e-6;
    if (!isBlocked) this.remember(key, fullAt);
    return Promise.resolve({
      totalHits: Math.round((fullAt - now) / step),
      timeToExpire: Math.ceil((fullAt - now) / 1000),
      isBlocked,
      timeToBlockExpire: isBlocked ? Math.ceil(waitMs / 1000) : 0,
    });
  }

  private remember(key: string, fullAt: number): void {
    this.fullAt.delete(key);
    this.fullAt.set(key, fullAt);
    const [oldest] = this.fullAt.keys();
    if (this.fullAt.size > MAX_CLIENTS && oldest !== undefined) this.fullAt.delete(oldest);
  }

  private sweep(now: number): void {
    let left = SWEPT_PER_HIT;
    for (const [key, fullAt] of this.fullAt) {
      if (left-- === 0 || fullAt > now) return;
      this.fullAt.delete(key);
    }
  }
}
