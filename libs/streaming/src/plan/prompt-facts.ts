import type { StreamFacts } from '@nuts/nats';
import { FreshRead } from '../log/fresh-read.js';
import { within } from './within.js';

/** How long a client waits for a reading, in ms; after that, what is remembered decides. */
const PATIENCE_MS = 250;
/** So many at once are a storm, in which one reading serves whoever comes for a while, in ms. */
const CROWD = 8;
const CROWD_HOLD_MS = 50;

/**
 * The stream's facts for clients that memory can serve. They only tell whether the stream has dropped
 * meanwhile what memory holds, so they are wanted, but not at any price: one reading, and one timer,
 * for all who come meanwhile.
 */
export class PromptFacts {
  private waiting = 0;
  private holdsUntil = 0;
  private underWay: Promise<StreamFacts | undefined> | undefined;

  constructor(private readonly read: () => Promise<StreamFacts>) {}

  /**
   * Facts read after this call, in a crowd those under way; undefined, at once or late, when what is
   * remembered has to do.
   */
  afterNow(): Promise<StreamFacts | undefined> | undefined {
    if (performance.now() < this.holdsUntil) return undefined;
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
    if (this.waiting >= CROWD) this.holdsUntil = performance.now() + CROWD_HOLD_MS;
    this.waiting = 0;
    this.underWay = undefined;
  }
}
