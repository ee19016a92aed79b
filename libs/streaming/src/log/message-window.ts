import { EntryOrder } from './entry-order.js';
import { ForgottenSubjects } from './forgotten-subjects.js';
import type { LogEntry } from './log-entry.js';
import { SequenceDeque } from './sequence-deque.js';
import type { SubjectSet, WantedSubject } from './subject-set.js';

/** Limits of a window. 0 holds nothing: sessions that fall behind read JetStream. */
export interface WindowBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/**
 * The newest messages of a stream, in order and limited in count and bytes, and a record of what was
 * forgotten. Pure memory, without I/O.
 */
export class MessageWindow {
  private readonly entries = new EntryOrder();
  private readonly bySubject = new Map<string, SequenceDeque<LogEntry>>();
  private readonly forgotten: ForgottenSubjects;

  /**
   * @param floor the last sequence before the window: earlier messages were never read
   * @param onLast called when the window evicts the last message of a subject
   */
  constructor(
    private readonly bounds: WindowBounds,
    floor: number,
    private readonly onLast: (entry: LogEntry) => void = () => undefined,
  ) {
    this.forgotten = new ForgottenSubjects(floor);
  }

  get messages(): number {
    return this.entries.size;
  }

  get bytes(): number {
    return this.entries.bytes;
  }

  /** Appends a message; its sequence must be higher than all before. Does not evict. */
  append(entry: LogEntry): void {
    this.entries.push(entry);
    let log = this.bySubject.get(entry.subject);
    if (log === undefined) this.bySubject.set(entry.subject, (log = new SequenceDeque<LogEntry>()));
    log.push(entry);
  }

  /** The oldest message. */
  get first(): LogEntry | undefined {
    return this.entries.first;
  }

  /** The newest message; may have been removed just now. */
  get last(): LogEntry | undefined {
    return this.entries.last;
  }

  /** Number of messages of a subject. */
  countOf(subject: string): number {
    return this.bySubject.get(subject)?.length ?? 0;
  }

  /** The oldest message of a subject. */
  firstOf(subject: string): LogEntry | undefined {
    return this.bySubject.get(subject)?.first;
  }

  /** The newest message of a subject up to a sequence. */
  newestOf(subject: string, through = Infinity): LogEntry | undefined {
    const log = this.bySubject.get(subject);
    if (log === undefined || (log.last?.sequence ?? 0) <= through) return log?.last;
    return log.at(log.indexAfter(through) - 1);
  }

  /** The subjects that have messages in the window. */
  subjects(): Iterable<string> {
    return this.bySubject.keys();
  }

  /** The highest sequence that this subject, or any subject of this pattern, may have lost; 0 = none. */
  lostOf(subject: WantedSubject): number {
    return this.forgotten.of(subject);
  }

  /** Messages up to a sequence, in order; of one subject, or of all. */
  through(sequence: number, subject?: string): LogEntry[] {
    if (subject !== undefined) return this.bySubject.get(subject)?.through(sequence) ?? [];
    return this.entries.through(sequence);
  }

  /** The stream no longer holds the message: its removal leaves no gap. */
  remove(entry: LogEntry): void {
    if (entry.isGone) return;
    const log = this.bySubject.get(entry.subject);
    log?.remove(entry.sequence);
    if (log?.length === 0) this.bySubject.delete(entry.subject);
    this.entries.remove(entry);
  }

  /** The stream may still hold the message, but memory does not. Sessions that need it read JetStream. */
  forget(entry: LogEntry): void {
    this.remove(entry);
    this.forgotten.forget(entry.subject, entry.sequence);
  }

  /** The stream holds a message that memory does not. */
  missing(subject: string, sequence: number): void {
    this.forgotten.forget(subject, sequence);
  }

  /** Messages up to here may be deleted from the stream: sessions read JetStream instead. */
  forgetAll(through: number): LogEntry[] {
    const entries = this.through(through);
    for (const entry of entries) this.remove(entry);
    this.forgotten.forgetAll(through);
    return entries;
  }

  /** Evicts until the limits are met. Separate from `append`, so that a batch is delivered before it is evicted. */
  trim(): void {
    const { maxMessages, maxBytes } = this.bounds;
    while (!this.entries.isEmpty && (this.messages > maxMessages || this.bytes > maxBytes)) {
      this.evictFirst();
    }
  }

  /** Whether memory alone can serve a session with this cursor. */
  covers(set: SubjectSet, cursor: number): boolean {
    return !this.forgotten.anyAfter(set, cursor);
  }

  /** Looks a pattern up, so that the result is cached. */
  prepare(pattern: WantedSubject): void {
    this.forgotten.of(pattern);
  }

  /** The subjects that memory may have lost after the cursor, and how far. */
  uncovered(set: SubjectSet, cursor: number): UncoveredSubject[] {
    return set.all
      .map((subject) => ({ subject, lost: this.forgotten.of(subject) }))
      .filter(({ lost }) => lost > cursor);
  }

  /** A lookup in the stream found no message of the subject after `last`. */
  settle(asked: UncoveredSubject, last: number): void {
    this.forgotten.settle(asked.subject, last, asked.lost);
  }

  /** The message with this sequence. */
  at(sequence: number): LogEntry | undefined {
    return this.entries.at(sequence);
  }

  /**
   * The newest message stored before a time: newer messages have higher sequences. Undefined if none is
   * that old.
   */
  lastBefore(timeNanos: bigint): LogEntry | undefined {
    return this.entries.lastBefore(timeNanos);
  }

  /** Up to `limit` messages of the set after a cursor, in order. */
  after(set: SubjectSet, cursor: number, limit: number): LogEntry[] {
    if (set.patterns.length > 0) return this.entries.after(set, cursor, limit);
    const found: LogEntry[][] = [];
    for (const { name } of set.literals) {
      const entries = this.bySubject.get(name)?.after(cursor, limit);
      if (entries !== undefined && entries.length > 0) found.push(entries);
    }
    if (found.length <= 1) return found[0] ?? [];
    // The first `limit` messages overall are among the first `limit` of each subject.
    return found
      .flat()
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }

  /** The newest messages of the set, at most `limit`, in order. */
  newest(set: SubjectSet, limit: number): LogEntry[] {
    if (set.patterns.length === 0) {
      return set.literals
        .flatMap(({ name }) => this.bySubject.get(name)?.newest(limit) ?? [])
        .sort((a, b) => a.sequence - b.sequence)
        .slice(-limit);
    }
    return this.entries.newest(set, limit);
  }

  private evictFirst(): void {
    const entry = this.entries.first;
    if (entry === undefined) return;
    this.forget(entry);
    if (!this.bySubject.has(entry.subject)) this.onLast(entry);
  }
}

/** A subject that may have lost messages up to `lost`. */
export interface UncoveredSubject {
  readonly subject: WantedSubject;
  readonly lost: number;
}
