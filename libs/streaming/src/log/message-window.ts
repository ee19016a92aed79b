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
  private readonly entries = new SequenceDeque<LogEntry>();
  private readonly bySubject = new Map<string, SequenceDeque<LogEntry>>();
  private readonly forgotten: ForgottenSubjects;
  private heldBytes = 0;

  /** @param floor the last sequence before the window: what came before was never read */
  constructor(
    private readonly bounds: WindowBounds,
    floor: number,
  ) {
    this.forgotten = new ForgottenSubjects(floor);
  }

  get messages(): number {
    return this.entries.length;
  }

  get bytes(): number {
    return this.heldBytes;
  }

  /** Adds the next message; its sequence must be above all earlier ones. Evicts nothing. */
  append(entry: LogEntry): void {
    this.entries.push(entry);
    let log = this.bySubject.get(entry.subject);
    if (log === undefined) this.bySubject.set(entry.subject, (log = new SequenceDeque<LogEntry>()));
    log.push(entry);
    this.heldBytes += entry.size;
  }

  /** Evicts down to the bounds. Apart from `append`, so that a batch is delivered before it goes. */
  trim(): void {
    const { maxMessages, maxBytes } = this.bounds;
    while (
      this.entries.length > 0 &&
      (this.entries.length > maxMessages || this.heldBytes > maxBytes)
    ) {
      this.evictFirst();
    }
  }

  /** True when a session with this cursor can be served from memory alone. */
  covers(set: SubjectSet, cursor: number): boolean {
    return !this.forgotten.anyAfter(set, cursor);
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
    const entry = this.entries.at(this.entries.indexAfter(sequence - 1));
    return entry?.sequence === sequence ? entry : undefined;
  }

  /** Up to `limit` held messages of the set after a cursor, in order. */
  after(set: SubjectSet, cursor: number, limit: number): LogEntry[] {
    if (set.patterns.length > 0) return this.scanAfter(set, cursor, limit);
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

  private scanAfter(set: SubjectSet, cursor: number, limit: number): LogEntry[] {
    const found: LogEntry[] = [];
    const seen = new Map<string, boolean>();
    for (let i = this.entries.indexAfter(cursor); i < this.entries.length; i++) {
      const entry = this.entries.at(i) as LogEntry;
      let matches = seen.get(entry.subject);
      if (matches === undefined) seen.set(entry.subject, (matches = set.matches(entry.subject)));
      if (matches && found.push(entry) >= limit) break;
    }
    return found;
  }

  private evictFirst(): void {
    const entry = this.entries.shift();
    if (entry === undefined) return;
    this.heldBytes -= entry.size;
    const log = this.bySubject.get(entry.subject);
    log?.shift();
    if (log?.length === 0) this.bySubject.delete(entry.subject);
    this.forgotten.forget(entry.subject, entry.sequence);
  }
}

/** A subject that may have lost messages up to `lost`. */
export interface UncoveredSubject {
  readonly subject: WantedSubject;
  readonly lost: number;
}
