import { EntryOrder } from './entry-order.js';
import { ForgottenSubjects } from './forgotten-subjects.js';
import type { LogEntry } from './log-entry.js';
import { SequenceDeque } from './sequence-deque.js';
import type { SubjectSet, WantedSubject } from './subject-set.js';

/** Bounds of a window. 0 holds nothing: every session that falls behind goes to JetStream. */
export interface WindowBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/**
 * The newest messages of a stream, in order and bounded in count and bytes, and beside them what
 * was forgotten. Pure memory: it neither reads nor waits.
 */
export class MessageWindow {
  private readonly entries = new EntryOrder();
  private readonly bySubject = new Map<string, SequenceDeque<LogEntry>>();
  private readonly forgotten: ForgottenSubjects;

  /**
   * @param floor the last sequence before the window: what came before was never read
   * @param onLast hears of evicted messages of whose subject none is left
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

  /** Adds the next message; its sequence must be above all earlier ones. Evicts nothing. */
  append(entry: LogEntry): void {
    this.entries.push(entry);
    let log = this.bySubject.get(entry.subject);
    if (log === undefined) this.bySubject.set(entry.subject, (log = new SequenceDeque<LogEntry>()));
    log.push(entry);
  }

  /** The oldest held message. */
  get first(): LogEntry | undefined {
    return this.entries.first;
  }

  /** The newest held message, or one that was removed just now. */
  get last(): LogEntry | undefined {
    return this.entries.last;
  }

  /** How many messages of a subject are held. */
  countOf(subject: string): number {
    return this.bySubject.get(subject)?.length ?? 0;
  }

  /** The oldest held message of a subject. */
  firstOf(subject: string): LogEntry | undefined {
    return this.bySubject.get(subject)?.first;
  }

  /** The newest held message of a subject up to a sequence. */
  newestOf(subject: string, through = Infinity): LogEntry | undefined {
    const log = this.bySubject.get(subject);
    if (log === undefined || (log.last?.sequence ?? 0) <= through) return log?.last;
    return log.at(log.indexAfter(through) - 1);
  }

  /** The subjects of which messages are held. */
  subjects(): Iterable<string> {
    return this.bySubject.keys();
  }

  /** The highest sequence that this subject, or any subject of this pattern, may have lost; 0 = none. */
  lostOf(subject: WantedSubject): number {
    return this.forgotten.of(subject);
  }

  /** Held messages up to a sequence, in order; of one subject, or of all. */
  through(sequence: number, subject?: string): LogEntry[] {
    if (subject !== undefined) return this.bySubject.get(subject)?.through(sequence) ?? [];
    return this.entries.through(sequence);
  }

  /** The stream holds the message no more: nothing is missing without it. */
  remove(entry: LogEntry): void {
    if (entry.isGone) return;
    const log = this.bySubject.get(entry.subject);
    log?.remove(entry.sequence);
    if (log?.length === 0) this.bySubject.delete(entry.subject);
    this.entries.remove(entry);
  }

  /** The stream may hold the message, but memory does not: whoever needs it asks JetStream. */
  forget(entry: LogEntry): void {
    this.remove(entry);
    this.forgotten.forget(entry.subject, entry.sequence);
  }

  /** The stream holds a message that memory lacks. */
  missing(subject: string, sequence: number): void {
    this.forgotten.forget(subject, sequence);
  }

  /** What is held up to here may be gone from the stream: JetStream is asked instead. */
  forgetAll(through: number): LogEntry[] {
    const entries = this.through(through);
    for (const entry of entries) this.remove(entry);
    this.forgotten.forgetAll(through);
    return entries;
  }

  /** Evicts down to the bounds. Apart from `append`, so that a batch is delivered before it goes. */
  trim(): void {
    const { maxMessages, maxBytes } = this.bounds;
    while (!this.entries.isEmpty && (this.messages > maxMessages || this.bytes > maxBytes)) {
      this.evictFirst();
    }
  }

  /** True when a session with this cursor can be served from memory alone. */
  covers(set: SubjectSet, cursor: number): boolean {
    return !this.forgotten.anyAfter(set, cursor);
  }

  /** Asks for a pattern, so that the answer is remembered for the next questions. */
  prepare(pattern: WantedSubject): void {
    this.forgotten.of(pattern);
  }

  /** The subjects that memory cannot prove complete after the cursor, with what they may have lost. */
  uncovered(set: SubjectSet, cursor: number): UncoveredSubject[] {
    return set.all
      .map((subject) => ({ subject, lost: this.forgotten.of(subject) }))
      .filter(({ lost }) => lost > cursor);
  }

  /** A lookup in the stream found nothing of the subject after `last`. */
  settle(asked: UncoveredSubject, last: number): void {
    this.forgotten.settle(asked.subject, last, asked.lost);
  }

  /** The held message at exactly this sequence. */
  at(sequence: number): LogEntry | undefined {
    return this.entries.at(sequence);
  }

  /**
   * The newest held message that was stored before a moment: what came since lies behind it. Undefined when
   * none is that old.
   */
  lastBefore(timeNanos: bigint): LogEntry | undefined {
    return this.entries.lastBefore(timeNanos);
  }

  /** Up to `limit` held messages of the set after a cursor, in order. */
  after(set: SubjectSet, cursor: number, limit: number): LogEntry[] {
    if (set.patterns.length > 0) return this.entries.after(set, cursor, limit);
    const found: LogEntry[][] = [];
    for (const { name } of set.literals) {
      const entries = this.bySubject.get(name)?.after(cursor, limit);
      if (entries !== undefined && entries.length > 0) found.push(entries);
    }
    if (found.length <= 1) return found[0] ?? [];
    // The first `limit` of all lie among the first `limit` of each.
    return found
      .flat()
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }

  /** The newest held messages of the set, at most so many, in order. */
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
