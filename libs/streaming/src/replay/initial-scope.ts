import type { StreamFacts, StreamMessage } from '@nuts/nats';
import type { ReplayScope, ScopeContext } from './replay-scope.js';

/** The initial values of one session, and how far it has them. */
export interface InitialProgress {
  /** The newest value that was sent, or passed over. */
  readonly cursor: number;
  /** Of each subject the newest message up to here is an initial value; unknown until they are read. */
  readonly through: number | undefined;
  /** Older values are left out, ns. */
  readonly notBeforeNanos: bigint | undefined;
  /** The position is known now; once for each consumer. */
  begin(through: number): void;
  /** A value was replaced behind the position before it was sent. */
  lacks: boolean;
}

/**
 * The newest message of each subject (contract §9): one consumer gives them as they were when it was made,
 * in order, and then everything newer. The stream's end, read before that, is the position of the state: what
 * the consumer gives up to there are the values, one of each subject. A subject whose newest message lies behind
 * it was written to meanwhile, and comes as ordinary messages.
 */
export class InitialScope implements ReplayScope {
  readonly role = 'initial';
  readonly start = { lastPerSubject: true } as const;
  readonly asksFirst = false;
  private facts: StreamFacts | undefined;

  constructor(
    private readonly context: ScopeContext,
    private readonly progress: InitialProgress,
  ) {}

  /** Whether memory knows the rest, or all of it was read. */
  get isOver(): boolean {
    const { log, channel } = this.context;
    return log.latest.tells(channel.set) || this.isRead;
  }

  get left(): number {
    const { patterns, literals } = this.context.channel.set;
    if (patterns.length === 0) return literals.length;
    return Math.max(0, this.context.log.position.sequence - this.progress.cursor);
  }

  async readEnd(): Promise<number> {
    this.facts = await this.context.log.freshFacts();
    return this.facts.lastSequence;
  }

  opened(end: number | undefined): void {
    if (end !== undefined) this.progress.begin(end);
  }

  /** The tail tells whether there is more; where other subjects share the stream, it has to ask. */
  async dry(): Promise<void> {
    if (this.facts !== undefined) await this.context.log.reach(this.facts);
  }

  wants({ sequence, timeNanos }: StreamMessage): boolean {
    const { through = 0, notBeforeNanos } = this.progress;
    if (sequence > through) this.progress.lacks = true;
    return sequence <= through && (notBeforeNanos === undefined || timeNanos >= notBeforeNanos);
  }

  private get isRead(): boolean {
    const { cursor, through } = this.progress;
    if (through === undefined) return false;
    if (cursor >= through) return true;
    const { log, channel } = this.context;
    if (log.position.sequence < through || !log.messages.covers(channel.set, cursor)) return false;
    return (log.messages.after(channel.set, cursor, 1)[0]?.sequence ?? Infinity) > through;
  }
}
