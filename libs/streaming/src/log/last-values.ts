import { LogEntry } from './log-entry.js';
import type { WantedSubject } from './subject-set.js';
import { ValueLifetimes, type LifetimeLimits } from './value-lifetimes.js';

/** Bounds of the memory of last values (contract §9). 0 keeps nothing. */
export interface LastValuesBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** What an entry costs besides its payload and subject: objects and map slots. */
const ENTRY_OVERHEAD_BYTES = 256;

/** `complete`: it holds the newest message of every subject that the window does not hold. */
type State = 'off' | 'filling' | 'complete' | 'overflown';

/**
 * The newest message of each subject that the window holds no message of. Pure memory: it neither reads
 * nor waits.
 *
 * An entry comes from the stream, or from the window when its subject's last message there is evicted. It
 * leaves when a newer message of its subject enters the window, or when the stream no longer holds it: then
 * an older message may be the newest one, and the subject is uncertain until the stream was read again.
 */
export class LastValues {
  private readonly held = new Map<string, LogEntry>();
  private heldBytes = 0;
  private state: State;
  private uncertain = new Set<string>();
  /** Doubts that a read under way will settle. */
  private reading: ReadonlySet<string> = new Set();
  /** The stream holds nothing before this sequence. */
  private first = 0;
  /** No entry is older: the facts are read for each client, and a scan costs what all entries cost. */
  private oldest = Infinity;
  private readonly lifetimes = new ValueLifetimes();

  /** @param onGone hears of entries that the stream no longer holds */
  constructor(
    readonly bounds: LastValuesBounds,
    private readonly onGone: (entries: readonly LogEntry[]) => void,
  ) {
    this.state = this.isOff ? 'off' : 'filling';
  }

  get isOff(): boolean {
    return this.bounds.maxMessages === 0 || this.bounds.maxBytes === 0;
  }

  get isComplete(): boolean {
    return this.state === 'complete';
  }

  /** More subjects, or bytes, than the bounds allow: nothing is held. */
  get isOverflown(): boolean {
    return this.state === 'overflown';
  }

  get messages(): number {
    return this.held.size;
  }

  get bytes(): number {
    return this.heldBytes;
  }

  get uncertainSubjects(): ReadonlySet<string> {
    return this.uncertain;
  }

  /** Another stream, or nothing is trusted any more: everything has to be read anew. */
  restart(): void {
    this.clear();
    this.first = 0;
    this.state = this.isOff ? 'off' : 'filling';
  }

  /** The stream's limits as they were last read. */
  adopt(limits: LifetimeLimits): void {
    this.first = Math.max(this.first, limits.firstSequence);
    this.dropBefore(limits.firstSequence);
    this.lifetimes.adopt(limits, this.held.values());
  }

  get(subject: string): LogEntry | undefined {
    return this.held.get(subject);
  }

  entries(): IterableIterator<LogEntry> {
    return this.held.values();
  }

  /** The subjects of which it holds the newest message. */
  subjects(): Iterable<string> {
    return this.held.keys();
  }

  /** Whether it knows the newest message of these subjects, or that there is none, outside the window. */
  tells(subject: WantedSubject): boolean {
    if (this.state !== 'complete') return false;
    if (!subject.isPattern) return !this.isDoubted(subject.name);
    for (const name of this.uncertain) if (subject.matches(name)) return false;
    for (const name of this.reading) if (subject.matches(name)) return false;
    return true;
  }

  /** A newer message of the subject entered the window. */
  superseded(subject: string): void {
    if (this.uncertain.size > 0) this.uncertain.delete(subject);
    const entry = this.held.size > 0 ? this.held.get(subject) : undefined;
    if (entry !== undefined) this.remove(entry);
  }

  /** Everything before a message that just entered the window was removed (`Nats-Rollup: all`). */
  emptied(before: number): void {
    this.first = before;
    this.drop([...this.held.values()]);
    this.clear();
  }

  /** The last message of its subject left the window by its bounds. */
  evicted(entry: LogEntry): void {
    if (this.state !== 'filling' && this.state !== 'complete') return;
    if (this.isDoubted(entry.subject) || this.holdsNewerThan(entry)) return;
    const kept = new LogEntry(entry.message);
    // A view would keep all that the socket read at once.
    kept.detach();
    this.put(kept);
  }

  /**
   * The window lost the newest message that it knew of a subject, which then has none there: is there an
   * older one in the stream?
   */
  left(entry: LogEntry): void {
    if (this.holdsNewerThan(entry)) return;
    const isOlderGone = entry.sequence < this.first || this.lifetimes.isOlderGone(entry);
    if (!isOlderGone) this.markUncertain(entry.subject);
  }

  /** Another message than the known one may be the newest of a subject. */
  markUncertain(subject: string): void {
    if (this.state === 'filling' || this.state === 'complete') this.uncertain.add(subject);
  }

  /** Holds the newest message of a subject; its payload must be a copy. */
  put(entry: LogEntry): void {
    if (this.state !== 'filling' && this.state !== 'complete') return;
    if (entry.sequence < this.first) return;
    const known = this.held.get(entry.subject);
    if (known !== undefined) this.remove(known);
    this.held.set(entry.subject, entry);
    this.oldest = Math.min(this.oldest, entry.sequence);
    this.heldBytes += costOf(entry);
    this.lifetimes.expect(entry, this.held.size);
    const { maxMessages, maxBytes } = this.bounds;
    if (this.held.size <= maxMessages && this.heldBytes <= maxBytes) return;
    this.overflow();
  }

  /** The stream no longer holds these. */
  drop(entries: readonly LogEntry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) this.remove(entry);
    this.onGone(entries);
  }

  private dropBefore(first: number): void {
    if (first <= this.oldest) return;
    const gone: LogEntry[] = [];
    let oldest = Infinity;
    for (const entry of this.held.values()) {
      if (entry.sequence < first) gone.push(entry);
      else oldest = Math.min(oldest, entry.sequence);
    }
    this.oldest = oldest;
    this.drop(gone);
  }

  private remove(entry: LogEntry): void {
    if (this.held.get(entry.subject) !== entry) return;
    entry.isGone = true;
    this.held.delete(entry.subject);
    this.heldBytes -= costOf(entry);
  }

  /** More than the bounds allow: it knows nothing, and holds nothing. */
  overflow(): void {
    this.clear();
    this.state = 'overflown';
  }

  /** A read begins: what becomes uncertain from now on is not settled by it. */
  beginRead(): ReadonlySet<string> {
    this.reading = this.uncertain;
    this.uncertain = new Set();
    if (this.state === 'overflown') this.state = 'filling';
    return this.reading;
  }

  /** What was read is held; `isAll` when it was every subject. */
  endRead(isAll: boolean): void {
    this.reading = new Set();
    if (isAll && this.state === 'filling') this.state = 'complete';
  }

  failRead(): void {
    for (const subject of this.reading) this.uncertain.add(subject);
    this.reading = new Set();
  }

  /** Takes out what its time has passed of. Asked before every read: costs nothing while nothing is due. */
  expire(): void {
    for (const entry of this.lifetimes.due()) {
      this.drop([entry]);
      this.left(entry);
    }
  }

  private holdsNewerThan({ subject, sequence }: LogEntry): boolean {
    return (this.held.get(subject)?.sequence ?? 0) > sequence;
  }

  private isDoubted(subject: string): boolean {
    return this.uncertain.has(subject) || this.reading.has(subject);
  }

  private clear(): void {
    for (const entry of this.held.values()) entry.isGone = true;
    this.held.clear();
    this.heldBytes = 0;
    this.oldest = Infinity;
    this.uncertain = new Set();
    this.reading = new Set();
    this.lifetimes.clear();
  }
}

function costOf({ message, subject }: LogEntry): number {
  return message.data.length + subject.length + ENTRY_OVERHEAD_BYTES;
}
