import type { ReaderOptions, StreamMessage } from '@nuts/nats';
import type { FrameRole } from '../frames/frame-role.js';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { ReplayTarget } from './replay-target.interface.js';

/** Whose subjects a replay reads, and what memory knows of them. */
export interface ScopeContext {
  readonly log: StreamLog;
  readonly channel: { readonly set: SubjectSet };
}

/** What a replay reads from the stream, and when it has all of it. */
export interface ReplayScope {
  /** How its messages are written. */
  readonly role: FrameRole;
  /** Where its next consumer starts. */
  readonly start: ReaderOptions['start'];
  /** True when nothing is left for a consumer to read. */
  readonly isOver: boolean;
  /** Whether lookups of single subjects may save the consumer. */
  readonly asksFirst: boolean;
  /** How much there is to read: shorter replays get their slot first. */
  readonly left: number;
  /** Reads the stream's end, right before a consumer is made. Rejects with a `NatsReadError`. */
  readEnd(): Promise<number | undefined>;
  /** A consumer is about to be read. */
  opened(end: number | undefined): void;
  /** The consumer has nothing at the moment. Never rejects. */
  dry(): Promise<void>;
  wants(message: StreamMessage): boolean;
}

/** Everything after the target's cursor, up to where memory takes over. */
export class HistoryScope implements ReplayScope {
  readonly role = 'event';
  readonly asksFirst = true;

  constructor(
    private readonly context: ScopeContext,
    private readonly target: Pick<ReplayTarget, 'cursor' | 'notBeforeNanos'>,
  ) {}

  get start(): ReaderOptions['start'] {
    const { cursor, notBeforeNanos } = this.target;
    return notBeforeNanos === undefined ? { sequence: cursor + 1 } : { timeNanos: notBeforeNanos };
  }

  get isOver(): boolean {
    const { log, channel } = this.context;
    return log.messages.covers(channel.set, this.target.cursor);
  }

  get left(): number {
    return Math.max(0, this.context.log.position.sequence - this.target.cursor);
  }

  readEnd(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  opened(): void {
    // Where it ends is told by memory alone.
  }

  dry(): Promise<void> {
    return Promise.resolve();
  }

  wants(): boolean {
    return true;
  }
}
