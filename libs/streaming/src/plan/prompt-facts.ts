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

  constructor(private readonly read: () => Promise<StreamFacts>) {}

  /** Facts read after this call; undefined when what is remembered has to do. */
  async afterNow(): Promise<StreamFacts | undefined> {
    if (performance.now() < this.holdsUntil) return undefined;
    this.waiting++;
    return this.reading.afterNow();
  }

  private readonly reading = new FreshRead(async () => {
    const began = performance.now();
    const isCrowd = this.waiting >= CROWD;
    this.waiting = 0;
    const facts = await within(PATIENCE_MS, this.read());
    if (isCrowd) this.holdsUntil = began + CROWD_HOLD_MS;
    return facts;
  });
}
