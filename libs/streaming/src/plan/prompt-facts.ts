import type { StreamFacts } from '@nuts/nats';
import { FreshRead } from '../log/fresh-read.js';
import { within } from './within.js';

/** How long a client waits for a reading, in ms; after that, what is remembered decides. */
const PATIENCE_MS = 250;
/** So many at once are a crowd, in which one reading serves all clients that come for a while, in ms. */
const CROWD = 8;
const CROWD_HOLD_MS = 50;
/** So many within one hold are a storm: one reading each would be hundreds, and most of their answers useless. */
const STORM = 50;

/**
 * The stream's facts for clients that memory can serve. They only tell whether the stream has dropped
 * meanwhile what memory holds, so they are wanted, but not at any price: one reading, and one timer,
 * for all clients that come meanwhile.
 */
export class PromptFacts {
  private waiting = 0;
  private holdsUntil = 0;
  private underWay: Promise<StreamFacts | undefined> | undefined;
  private readonly arrivals = new Arrivals(CROWD_HOLD_MS);

  constructor(private readonly read: () => Promise<StreamFacts>) {}

  /**
   * Facts read after this call, in a crowd those under way; undefined, at once or late, when what is
   * remembered has to do.
   */
  afterNow(): Promise<StreamFacts | undefined> | undefined {
    const now = performance.now();
    this.arrivals.count(now);
    if (now < this.holdsUntil) return undefined;
    this.waiting++;
    // A storm fills whole turns of the loop: waiting for a second reading would take most of it, with
    // thousands of half-made streams in memory.
    if (this.waiting > CROWD && this.underWay !== undefined) return this.underWay;
    return this.reading.afterNow();
  }

  private readonly reading = new FreshRead(() => {
    this.underWay = within(PATIENCE_MS, this.read()).finally(() => this.ended());
    return this.underWay;
  });

  private ended(): void {
    // From the reading's end: where the loop is that busy, it takes longer than it would hold.
    const now = performance.now();
    if (this.waiting >= CROWD || this.arrivals.rate(now) >= STORM) {
      this.holdsUntil = now + CROWD_HOLD_MS;
    }
    this.waiting = 0;
    this.underWay = undefined;
  }
}

/** Counts how many came lately: in the last whole period or in this one, whichever had more. */
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
