import type { LogEntry } from './log-entry.js';
import { SequenceDeque } from './sequence-deque.js';
import type { SubjectSet } from './subject-set.js';

/** Maximum share of tombstones before they are compacted. */
const TOMBSTONES = 1 / 8;

/**
 * All entries of a window in order, with their total size. A removed entry remains as a tombstone until the
 * next compaction.
 */
export class EntryOrder {
  private readonly entries = new SequenceDeque<LogEntry>();
  private heldBytes = 0;
  private tombstones = 0;

  /** Number of entries, without tombstones. */
  get size(): number {
    return this.entries.length - this.tombstones;
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Bytes of all entries, including tombstones. */
  get bytes(): number {
    return this.heldBytes;
  }

  /** The oldest entry; never a tombstone. */
  get first(): LogEntry | undefined {
    return this.entries.first;
  }

  /** The newest entry; may have been removed just now. */
  get last(): LogEntry | undefined {
    return this.entries.last;
  }

  push(entry: LogEntry): void {
    this.entries.push(entry);
    this.heldBytes += entry.size;
  }

  /**
   * Removes an entry: immediately at the front, otherwise in batches, because each removal moves all
   * following entries.
   */
  remove(entry: LogEntry): void {
    entry.isGone = true;
    this.tombstones++;
    while (this.entries.first?.isGone === true) {
      this.heldBytes -= this.entries.shift()?.size ?? 0;
      this.tombstones--;
    }
    if (this.tombstones <= Math.max(64, this.entries.length * TOMBSTONES)) return;
    this.entries.retain((one) => {
      if (one.isGone) this.heldBytes -= one.size;
      return !one.isGone;
    });
    this.tombstones = 0;
  }

  /** The entry with this sequence. */
  at(sequence: number): LogEntry | undefined {
    const entry = this.entries.at(this.entries.indexAfter(sequence - 1));
    return entry?.sequence === sequence && !entry.isGone ? entry : undefined;
  }

  /** Entries up to a sequence. */
  through(sequence: number): LogEntry[] {
    return this.entries.through(sequence).filter(({ isGone }) => !isGone);
  }

  /** The newest entry or tombstone stored before a time. */
  lastBefore(timeNanos: bigint): LogEntry | undefined {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries.at(middle) as LogEntry).message.timeNanos < timeNanos) low = middle + 1;
      else high = middle;
    }
    return this.entries.at(low - 1);
  }

  /** Up to `limit` entries of a set after a sequence. */
  after(set: SubjectSet, sequence: number, limit: number): LogEntry[] {
    const found: LogEntry[] = [];
    const matches = matcherOf(set);
    const { entries } = this;
    for (let i = entries.indexAfter(sequence); i < entries.length && found.length < limit; i++) {
      const entry = entries.at(i) as LogEntry;
      if (!entry.isGone && matches(entry.subject)) found.push(entry);
    }
    return found;
  }

  /** The newest entries of a set, at most `limit`. */
  newest(set: SubjectSet, limit: number): LogEntry[] {
    const found: LogEntry[] = [];
    const matches = matcherOf(set);
    for (let i = this.entries.length - 1; i >= 0 && found.length < limit; i--) {
      const entry = this.entries.at(i) as LogEntry;
      if (!entry.isGone && matches(entry.subject)) found.push(entry);
    }
    return found.reverse();
  }
}

/** Matches each subject only once: there are far fewer subjects than messages. */
function matcherOf(set: SubjectSet): (subject: string) => boolean {
  const seen = new Map<string, boolean>();
  return (subject) => {
    let matches = seen.get(subject);
    if (matches === undefined) seen.set(subject, (matches = set.matches(subject)));
    return matches;
  };
}
