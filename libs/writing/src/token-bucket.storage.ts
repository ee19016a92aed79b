import type { ThrottlerStorage } from '@nestjs/throttler';

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Burst size, in periods. */
const BURST_PERIODS = 2;
/** Maximum number of clients; beyond it, the longest idle client is forgotten. */
const MAX_CLIENTS = 100_000;
/**
 * Hits between two sweeps, and clients that a sweep looks at: more than come meanwhile. Each sweep first
 * passes over the slots of deleted entries, so it costs too much for every hit.
 */
const HITS_PER_SWEEP = 256;
const SWEPT = 2 * HITS_PER_SWEEP;

/**
 * In-memory token buckets: `limit` hits per `ttl`, with bursts of twice that. One number per client (the
 * time at which its bucket is full again), no timers. Clients with a full bucket are removed.
 */
export class TokenBucketStorage implements ThrottlerStorage {
  /** When each bucket is full again, in ms; ordered by the last hit. */
  private readonly fullAt = new Map<string, number>();
  private hits = 0;

  /** @param now a monotonic clock, in ms */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Number of clients. */
  get size(): number {
    return this.fullAt.size;
  }

  /** Times are in ms; those in the result are in seconds, as the port requires. */
  increment(key: string, ttl: number, limit: number): Promise<Hit> {
    const now = this.now();
    if (++this.hits % HITS_PER_SWEEP === 0) this.sweep(now);
    const step = ttl / limit;
    const depth = step * limit * BURST_PERIODS;
    const fullAt = Math.max(now, this.fullAt.get(key) ?? 0) + step;
    // Tolerance for rounding errors in sums of fractions.
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
  }

  /** Forgets idle clients, and whatever is above the bound. */
  private sweep(now: number): void {
    let left = SWEPT;
    for (const [key, fullAt] of this.fullAt) {
      if (this.fullAt.size <= MAX_CLIENTS && (left-- === 0 || fullAt > now)) return;
      this.fullAt.delete(key);
    }
  }
}
