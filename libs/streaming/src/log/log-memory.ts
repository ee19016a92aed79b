import type { NatsClient, StreamFacts, StreamMessage } from '@nuts/nats';
import { topicOfSubject } from '../topics/topic-prefix.js';
import { DeletionCheck } from './deletion-check.js';
import { LastValuesKeeper, type ReadLog } from './last-values.keeper.js';
import { LastValues, type LastValuesBounds } from './last-values.js';
import { LogEntry } from './log-entry.js';
import { MessageWindow, type UncoveredSubject, type WindowBounds } from './message-window.js';
import { NewestMessages } from './newest-messages.js';
import { Retention } from './retention.js';
import { SharedLookups, type LookedUpSubject } from './shared-lookups.js';
import { SparseChunks } from './sparse-chunks.js';
import { tailFilter } from './tail-filter.js';

/** What the memory holds. */
export interface LogMemoryOptions {
  readonly stream: string;
  readonly topicPrefix: string;
  readonly window: WindowBounds;
  /** Undefined = no last values. */
  readonly lastValues?: LastValuesBounds;
}

/** The log that owns the memory. */
export type RememberedLog = Pick<ReadLog, 'freshFacts' | 'reach' | 'reached' | 'verifyStream'>;

/**
 * What a log holds in memory: the window, the newest message of each subject beyond it, and the rules that
 * remove messages once the stream no longer holds them.
 */
export class LogMemory {
  /** The newest message of each subject, as far as memory knows it. */
  readonly latest: NewestMessages;
  readonly lastValues: LastValues;
  /** See `StreamLog.gone$`. */
  readonly retention: Retention;
  private window: MessageWindow;
  private readonly keeper: LastValuesKeeper;
  private readonly deletions: DeletionCheck;
  private readonly chunks = new SparseChunks();
  private readonly lookups: SharedLookups;

  constructor(
    client: NatsClient,
    private readonly options: LogMemoryOptions,
    log: RememberedLog,
  ) {
    const { stream, topicPrefix } = options;
    const at = { stream, filter: tailFilter(topicPrefix) };
    this.retention = new Retention((entries) => this.left(entries));
    this.lastValues = new LastValues(
      options.lastValues ?? { maxMessages: 0, maxBytes: 0 },
      (entries) => this.retention.noteGone(entries),
    );
    this.window = this.windowFrom(0);
    this.latest = new NewestMessages(
      () => this.messages,
      this.lastValues,
      () => this.retention.removals,
    );
    const read: ReadLog = {
      ...log,
      currentWindow: () => this.window,
      isOurs: (subject) => topicOfSubject(topicPrefix, subject) !== undefined,
      gone$: this.retention.gone$,
    };
    this.keeper = new LastValuesKeeper(client, at, read, this.lastValues);
    this.deletions = new DeletionCheck(client, at, read, this.retention, {
      markUncertain: (subject) => this.lastValues.markUncertain(subject),
      check: () => this.keeper.check(),
      restart: () => this.lastValues.restart(),
    });
    this.lookups = new SharedLookups((asked) => client.lastMessage(stream, asked));
  }

  /** The window, without expired messages. */
  get messages(): MessageWindow {
    this.retention.expire();
    return this.window;
  }

  /** See {@link LastValuesKeeper.firstRead}. */
  get firstRead(): Promise<void> | undefined {
    return this.keeper.firstRead;
  }

  /** The stored time of a message in the window. */
  heldTimeAt(sequence: number): bigint | undefined {
    return this.window.at(sequence)?.message.timeNanos;
  }

  /** A different stream is read, starting after this sequence. */
  begin(facts: StreamFacts, after: number): void {
    this.window = this.windowFrom(after);
    this.retention.begin(this.window);
    this.lastValues.adopt(facts);
    this.retention.adopt(facts);
    this.deletions.begin(facts);
  }

  /** The tail has started to read the stream; older messages are now read beside it. */
  beginReading(): void {
    this.keeper.begin();
  }

  /** Adds the next message; undefined if its subject is not wanted. */
  append(message: StreamMessage): LogEntry | undefined {
    if (topicOfSubject(this.options.topicPrefix, message.subject) === undefined) return undefined;
    const entry = new LogEntry(message);
    this.window.append(entry);
    this.lastValues.superseded(entry.subject);
    const isAlone = this.retention.appended(entry);
    if (isAlone) this.lastValues.emptied(entry.sequence);
    this.chunks.add(entry);
    return entry;
  }

  /** The stream was replaced: discard everything. */
  reset(): void {
    this.lookups.forget();
    this.window = this.windowFrom(0);
    this.retention.begin(this.window);
    this.lastValues.restart();
  }

  /** Receives new stream info. */
  notice(facts: StreamFacts): void {
    this.lastValues.adopt(facts);
    this.retention.adopt(facts);
    this.deletions.notice(facts);
  }

  /** Reads missing values, if any. Called regularly. */
  tend(): void {
    this.lastValues.expire();
    this.keeper.tend();
  }

  /** See `StreamLog.lookUp`. */
  async lookUp(uncovered: readonly UncoveredSubject[]): Promise<LookedUpSubject[]> {
    const window = this.window;
    return Promise.all(
      uncovered.map(async (asked) => {
        const last = await this.lookups.last(asked);
        window.settle(asked, last?.sequence ?? 0);
        return { asked, last };
      }),
    );
  }

  private windowFrom(floor: number): MessageWindow {
    return new MessageWindow(this.options.window, floor, (entry) => this.lastValues.evicted(entry));
  }

  /** Messages left the window because the stream no longer holds them. */
  private left(entries: readonly LogEntry[]): void {
    if (this.lastValues.isOff) return;
    for (const entry of entries) {
      if (this.window.countOf(entry.subject) === 0) this.lastValues.left(entry);
    }
  }
}
