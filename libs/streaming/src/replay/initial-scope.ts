import type { StreamFacts, StreamMessage } from '@nuts/nats';
import type { ReplayScope, ScopeContext } from './replay-scope.js';

/** A session's progress through its initial values. */
export interface InitialProgress {
  /** The newest value that was sent or skipped. */
  readonly cursor: number;
  /**
   * The state's position: the newest message of each subject up to here is an initial value. Unknown until
   * they are read.
   */
  readonly through: number | undefined;
  /** Skip older values, ns. */
  readonly notBeforeNanos: bigint | undefined;
  /** The position is now known. Called once per consumer. */
  begin(through: number): void;
  /** The stream's end after the consumer was created: an upper bound of the messages that replaced values. */
  settle(end: number): void;
  /** Whether a log with this position holds every message that replaced a value before it was read. */
  isSettled(position: number): boolean;
  /** A value was replaced by a message after the position before it was sent. */
  hasReplaced: boolean;
}

/**
 * Replays the newest message of each subject (contract §9). One consumer delivers them in order, as of its
 * creation, and then everything newer. The stream's end, read before that, is the position of the state:
 * messages up to there are the values, one per subject. A subject whose newest message is after the
 * position was updated in the meantime; that message is delivered as an ordinary one. The state is complete
 * only with these messages, so the end is read again after the creation, and the log must reach it.
 */
export class InitialScope implements ReplayScope {
  readonly role = 'initial';
  readonly start = { lastPerSubject: true } as const;
  readonly asksFirst = false;
  /** Stream info read after the consumer was created. */
  private settling: Promise<StreamFacts | undefined> | undefined;
  private consumers = 0;

  constructor(
    private readonly context: ScopeContext,
    private readonly progress: InitialProgress,
  ) {}

  /** Whether memory has the rest, or everything was read. */
  get isOver(): boolean {
    const { log, channel } = this.context;
    if (!this.progress.isSettled(log.position.sequence)) return false;
    return log.latest.isCompleteFor(channel.set) || this.isRead;
  }

  /** Whether the consumer has delivered all values. */
  get isRead(): boolean {
    const { cursor, through } = this.progress;
    if (through === undefined) return false;
    if (cursor >= through) return true;
    const { log, channel } = this.context;
    if (log.position.sequence < through || !log.messages.covers(channel.set, cursor)) return false;
    return (log.messages.after(channel.set, cursor, 1)[0]?.sequence ?? Infinity) > through;
  }

  get left(): number {
    const { patterns, literals } = this.context.channel.set;
    if (patterns.length === 0) return literals.length;
    return Math.max(0, this.context.log.position.sequence - this.progress.cursor);
  }

  async readEnd(): Promise<number> {
    return (await this.context.log.freshFacts()).lastSequence;
  }

  opened(end: number | undefined): void {
    if (end !== undefined) this.progress.begin(end);
    this.consumers += 1;
    this.settling = this.settle();
  }

  /** On an idle consumer, the tail shows whether there is more; if other subjects share the stream, look it up. */
  async dry(): Promise<void> {
    const facts = await (this.settling ??= this.settle());
    if (facts !== undefined) await this.context.log.reach(facts);
  }

  wants({ sequence, timeNanos }: StreamMessage): boolean {
    const { through = 0, notBeforeNanos } = this.progress;
    if (sequence > through) this.progress.hasReplaced = true;
    return sequence <= through && (notBeforeNanos === undefined || timeNanos >= notBeforeNanos);
  }

  /** Never rejects; after a failure, an idle consumer tries again. */
  private async settle(): Promise<StreamFacts | undefined> {
    const { consumers } = this;
    try {
      const facts = await this.context.log.freshFacts();
      // Another consumer may have been created since.
      if (consumers === this.consumers) this.progress.settle(facts.lastSequence);
      return facts;
    } catch {
      if (consumers === this.consumers) this.settling = undefined;
      return undefined;
    }
  }
}
