import type { NatsClient, StreamFacts } from '@nuts/nats';
import { exhaustMap, filter, timer, type Subscription } from 'rxjs';
import type { LogMemory } from './log-memory.js';
import type { NewestPosition } from './newest-position.js';
import type { StreamFactsKeeper } from './stream-facts.keeper.js';
import type { Tail } from './tail.js';
import { TailProgress } from './tail-progress.js';

/** Intervals of the stream info requests, in ms: under traffic, and while the tail receives nothing. */
const REFRESH_MS = 2000;
const QUIET_REFRESH_MS = 700;

/** What a refresh reads and updates. */
export interface RefreshedLog {
  readonly client: Pick<NatsClient, 'status'>;
  readonly keeper: StreamFactsKeeper;
  readonly memory: LogMemory;
  readonly newest: NewestPosition;
  readonly tail: Tail;
  /** Number of streams read so far. */
  generation(): number;
}

/** Requests stream info regularly. It moves the position, and reveals a replaced stream or a stalled tail. */
export class LogRefresh {
  private refreshedAt = -Infinity;
  private readonly progress: TailProgress;

  constructor(private readonly log: RefreshedLog) {
    this.progress = new TailProgress({
      delivered: () => log.tail.position.sequence,
      isBehind: () => log.newest.isBehind,
      replace: () => log.tail.verifyStream(),
    });
  }

  /** Refreshes until unsubscribed. */
  start(): Subscription {
    const running = timer(0, QUIET_REFRESH_MS)
      .pipe(
        filter(() => this.isDue()),
        exhaustMap(() => this.refresh()),
      )
      .subscribe();
    running.add(() => this.progress.stop());
    return running;
  }

  /**
   * Moves the position to the end given by the stream info, if the tail has delivered everything up to
   * there. Rejects with a `NatsReadError`.
   */
  async prove(facts: StreamFacts): Promise<void> {
    const { keeper, newest, tail } = this.log;
    // Stream info proves nothing until the tail has verified that it is the same store.
    if (tail.alive && keeper.isCurrent(facts)) await newest.prove(facts);
  }

  /** Never rejects. */
  async refresh(): Promise<void> {
    const { client, keeper, memory, newest, tail } = this.log;
    if (client.status !== 'connected') return;
    memory.tend();
    this.refreshedAt = performance.now();
    const generation = this.log.generation();
    const { sequence } = newest.current;
    try {
      const facts = await keeper.refresh();
      if (generation !== this.log.generation()) return;
      const isSame = keeper.isCurrent(facts) && facts.lastSequence >= sequence;
      if (!isSame) tail.verifyStream();
      else if (tail.alive) {
        await this.prove(facts);
        this.progress.expect();
      }
    } catch {
      // The keeper stores the error; the next refresh tries again.
    }
  }

  private isDue(): boolean {
    const isOld = performance.now() - this.refreshedAt >= REFRESH_MS - QUIET_REFRESH_MS / 2;
    return this.progress.isQuiet() || isOld;
  }
}
