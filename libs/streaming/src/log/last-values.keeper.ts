import { NatsReadError, type NatsClient, type StreamFacts } from '@nuts/nats';
import type { Observable } from 'rxjs';
import { LogEntry } from './log-entry.js';
import { readLastValues } from './last-values.reader.js';
import type { LastValues } from './last-values.js';
import type { MessageWindow } from './message-window.js';

/** Uncertain subjects that are read one by one; if there are more, all subjects are read. */
const READ_SINGLY = 32;
/** Pauses before the next read, in ms: after a failure, and if the stream has too many subjects. */
const FAILED_PAUSE_MS = 2000;
const OVERFLOWN_PAUSE_MS = 60_000;
/** How many times the read waits for the tail to catch up. */
const REACH_ATTEMPTS = 20;

/** The log that the values belong to. */
export interface ReadLog {
  /** A different window means a different stream. */
  currentWindow(): MessageWindow;
  /** The window holds everything up to here. */
  reached(): number;
  isOurs(subject: string): boolean;
  freshFacts(): Promise<StreamFacts>;
  /** Waits briefly until the window has everything up to this stream info. Never rejects. */
  reach(facts: StreamFacts): Promise<void> | undefined;
  /** The stream has a different message at a known sequence. */
  verifyStream(): void;
  /** Messages removed from memory because the stream does not hold them any more, or may not. */
  readonly gone$: Observable<readonly LogEntry[]>;
}

/** Fills the last values from the stream, reads uncertain ones again, and checks for deletions. */
export class LastValuesKeeper {
  private reading: Promise<void> | undefined;
  private notBefore = -Infinity;
  private isFirst = false;

  constructor(
    private readonly client: NatsClient,
    private readonly at: { readonly stream: string; readonly filter: string },
    private readonly log: ReadLog,
    private readonly values: LastValues,
  ) {}

  /** The first read of this stream while it is in progress. Later reads add nothing to what it can answer. */
  get firstRead(): Promise<void> | undefined {
    return this.isFirst ? this.reading : undefined;
  }

  /** A stream is read for the first time, or a new stream under the same name. */
  begin(): void {
    this.values.restart();
    this.notBefore = -Infinity;
    this.reading = undefined;
    if (this.values.isOff) return;
    this.isFirst = true;
    this.startReading();
  }

  /** Starts a read if values are missing or uncertain; never waits. Called regularly. */
  tend(): void {
    const { values } = this;
    if (values.isOff || this.reading !== undefined || performance.now() < this.notBefore) return;
    if (!values.isComplete || values.uncertainSubjects.size > 0) this.startReading();
  }

  /** Compares the values with the stream, headers only. Rejects with a `NatsReadError`. */
  async check(): Promise<void> {
    // Messages of the current read may be deleted before they are stored here.
    await this.reading;
    const { values, log } = this;
    if (!values.isComplete || values.messages === 0) return;
    const window = log.currentWindow();
    const found = await this.collect([this.at.filter], true);
    if (found === undefined || log.currentWindow() !== window) return;
    const gone: LogEntry[] = [];
    for (const entry of values.entries()) {
      const newest = found.newest.get(entry.subject);
      if (newest?.sequence === entry.sequence) {
        if (newest.timeNanos !== entry.message.timeNanos) return log.verifyStream();
      } else if (entry.sequence <= found.through && (newest?.sequence ?? 0) < entry.sequence) {
        gone.push(entry);
      }
    }
    values.drop(gone);
    for (const [subject, { sequence }] of found.newest) {
      if (!this.knows(subject, sequence)) values.markUncertain(subject);
    }
  }

  private startReading(): void {
    const reading = this.read().finally(() => {
      if (this.reading !== reading) return;
      this.reading = undefined;
      this.isFirst = false;
    });
    this.reading = reading;
  }

  private async read(): Promise<void> {
    const { values, log } = this;
    const window = log.currentWindow();
    const isAll = !values.isComplete || values.uncertainSubjects.size > READ_SINGLY;
    const asked = values.beginRead();
    try {
      const found = await this.collect(isAll ? [this.at.filter] : [...asked], false);
      if (log.currentWindow() !== window) return;
      if (found === undefined) values.overflow();
      else {
        for (const [subject, value] of found.newest) this.adopt(subject, value, found.left);
        values.endRead(isAll);
      }
      if (values.isOverflown) this.notBefore = performance.now() + OVERFLOWN_PAUSE_MS;
    } catch {
      // The next round tries again; until then, sessions read JetStream.
      if (log.currentWindow() !== window) return;
      values.failRead();
      this.notBefore = performance.now() + FAILED_PAUSE_MS;
    }
  }

  /**
   * Reads the newest message of each subject, and waits until the window has everything up to the stream's
   * end at that time.
   */
  private async collect(
    filters: readonly string[],
    headersOnly: boolean,
  ): Promise<Found | undefined> {
    const { log, values, at } = this;
    const { maxMessages, maxBytes } = values.bounds;
    const left = new Set<number>();
    const leaving = log.gone$.subscribe((entries) => {
      for (const { sequence } of entries) left.add(sequence);
    });
    const newest = new Map<string, FoundValue>();
    const most = 2 * (maxMessages + log.currentWindow().messages);
    let bytes = 0;
    try {
      const facts = await readLastValues(this.client, {
        stream: at.stream,
        filters,
        headersOnly,
        most,
        facts: () => log.freshFacts(),
        take: (message) => {
          const { subject, sequence, timeNanos } = message;
          if (!log.isOurs(subject)) return true;
          const isKept = !headersOnly && !this.isInWindow(sequence);
          const entry = isKept ? new LogEntry(message) : undefined;
          entry?.detach();
          bytes += isKept ? message.data.length : 0;
          newest.set(subject, { sequence, timeNanos, entry });
          return newest.size <= most && bytes <= maxBytes;
        },
      });
      if (facts === undefined) return undefined;
      await this.untilReached(facts);
      return { newest, left, through: facts.lastSequence };
    } finally {
      leaving.unsubscribe();
    }
  }

  private async untilReached(facts: StreamFacts): Promise<void> {
    const { log } = this;
    for (let i = 0; i < REACH_ATTEMPTS && log.reached() < facts.lastSequence; i++) {
      await log.reach(facts);
    }
    if (log.reached() >= facts.lastSequence) return;
    throw new NatsReadError('timeout', `Reading ${this.at.stream}: the tail is behind`);
  }

  /** @param left messages that left memory during the read */
  private adopt(subject: string, { sequence, entry }: FoundValue, left: ReadonlySet<number>): void {
    if (this.knows(subject, sequence)) return;
    if (entry === undefined || left.has(sequence)) this.values.markUncertain(subject);
    else this.values.put(entry);
  }

  private knows(subject: string, sequence: number): boolean {
    const inWindow = this.log.currentWindow().newestOf(subject)?.sequence ?? 0;
    return inWindow >= sequence || (this.values.get(subject)?.sequence ?? 0) >= sequence;
  }

  /** Whether the window holds the message, or will hold it. */
  private isInWindow(sequence: number): boolean {
    return sequence > this.log.reached() || this.log.currentWindow().at(sequence) !== undefined;
  }
}

interface FoundValue {
  readonly sequence: number;
  readonly timeNanos: bigint;
  /** Undefined for reads without payloads, and if the window holds the message. */
  readonly entry: LogEntry | undefined;
}

interface Found {
  readonly newest: ReadonlyMap<string, FoundValue>;
  readonly left: ReadonlySet<number>;
  /** The end of the stream at the time of the read. Up to here the result is complete. */
  readonly through: number;
}
