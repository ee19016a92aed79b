import type { StreamFacts } from '@nuts/nats';
import { FreshRead } from '../log/fresh-read.js';
import { withTimeout } from './with-timeout.js';

/** How long a client waits for stream info, in ms. After that, cached stream info decides. */
const PATIENCE_MS = 250;
/** From this number of waiting clients on, one read serves all clients of the following hold time, in ms. */
const CROWD = 8;
const CROWD_HOLD_MS = 50;
/**
 * From this number of arrivals per hold time on, there is a reconnect storm: a read for each client would
 * be hundreds of reads, most of them useless.
 */
const STORM = 50;

/**
 * Fresh stream info for clients that memory can serve. It only shows whether the stream has removed
 * messages that memory holds, so it is worth a short wait: one read and one timer, shared by concurrent
 * clients.
 */
export class ThrottledFacts {
  private waiting = 0;
  private holdsUntil = 0;
  private underWay: Promise<StreamFacts | undefined> | undefined;
  private readonly arrivals = new Arrivals(CROWD_HOLD_MS);

  constructor(private readonly read: () => Promise<StreamFacts>) {}

  /**
   * Stream info read after this call, or the current read if many clients wait. Undefined, immediately or
   * after a wait, if cached stream info must suffice.
   */
  afterNow(): Promise<StreamFacts | undefined> | undefined {
    const now = performance.now();
    this.arrivals.count(now);
    if (now < this.holdsUntil) return undefined;
    this.waiting++;
    // A storm fills whole turns of the event loop. Waiting for a second read would take most of it, with
    // thousands of half-opened streams in memory.
    if (this.waiting > CROWD && this.underWay !== undefined) return this.underWay;
    return this.reading.afterNow();
  }

  private readonly reading = new FreshRead(() => {
    this.underWay = withTimeout(PATIENCE_MS, this.read()).finally(() => this.ended());
    return this.underWay;
  });

  private ended(): void {
    // Starts at the end of the read: in a busy event loop, the read itself takes longer than the hold time.
    const now = performance.now();
    if (this.waiting >= CROWD || this.arrivals.rate(now) >= STORM) {
      this.holdsUntil = now + CROWD_HOLD_MS;
    }
    this.waiting = 0;
    this.underWay = undefined;
  }
}

/** Counts recent arrivals: those of the previous whole period or of the current one, whichever is higher. */
class Arrivals {
  private began = 0;
  private before = 0;
  private current = 0;

  constructor(private readonly periodMs: number) {}

  count(now: number): void {
    this.turn(now);
    this.current++;
  }

  rate(now: number): number {
    this.turn(now);
    return Math.max(this.before, this.current);
  }

  private turn(now: number): void {
    const periods = Math.floor((now - this.began) / this.periodMs);
    if (periods < 1) return;
    this.before = periods === 1 ? this.current : 0;
    this.current = 0;
    this.began = now;
  }
}
