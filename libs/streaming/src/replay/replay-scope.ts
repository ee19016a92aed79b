import type { ReaderOptions, StreamMessage } from '@nuts/nats';
import type { FrameRole } from '../frames/frame-role.js';
import type { StreamLog } from '../log/stream-log.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { ReplayTarget } from './replay-target.interface.js';

/** The subjects of a replay, and what memory knows about them. */
export interface ScopeContext {
  readonly log: StreamLog;
  readonly channel: { readonly set: SubjectSet };
}

/** What a replay reads from the stream, and when it is complete. */
export interface ReplayScope {
  /** The role of its frames. */
  readonly role: FrameRole;
  /** The start of its next consumer. */
  readonly start: ReaderOptions['start'];
  /** Whether no consumer is needed any more. */
  readonly isOver: boolean;
  /** Whether lookups of single subjects may make the consumer unnecessary. */
  readonly asksFirst: boolean;
  /** How much is left to read: shorter replays get their slot first. */
  readonly left: number;
  /** Reads the stream's end immediately before a consumer is created. Rejects with a `NatsReadError`. */
  readEnd(): Promise<number | undefined>;
  /** A consumer was created and will be read. */
  opened(end: number | undefined): void;
  /** The consumer has no messages at the moment. Never rejects. */
  dry(): Promise<void>;
  wants(message: StreamMessage): boolean;
}

/** Replays everything after the target's cursor until memory can take over. */
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
    // Memory alone determines where it ends.
  }

  dry(): Promise<void> {
    return Promise.resolve();
  }

  wants(): boolean {
    return true;
  }
}
