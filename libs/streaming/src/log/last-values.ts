import { LogEntry } from './log-entry.js';
import type { WantedSubject } from './subject-set.js';
import { ValueLifetimes, type LifetimeLimits } from './value-lifetimes.js';

/** Limits of the last values (contract §9). 0 keeps none. */
export interface LastValuesBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** Memory of an entry besides its payload and subject: objects and map slots. */
const ENTRY_OVERHEAD_BYTES = 256;

/** `complete`: contains the newest message of every subject that has none in the window. */
type State = 'off' | 'filling' | 'complete' | 'overflown';

/**
 * The newest message of each subject that has no message in the window. Pure memory, without I/O.
 *
 * An entry comes from the stream, or from the window when the subject's last message there is evicted. It
 * is removed when a newer message of its subject enters the window, or when the stream no longer holds it.
 * In the latter case an older message may be the newest, so the subject is uncertain until the stream is
 * read again.
 */
export class LastValues {
  private readonly held = new Map<string, LogEntry>();
  private heldBytes = 0;
  private state: State;
  private uncertain = new Set<string>();
  /** Uncertain subjects that the current read resolves. */
  private reading: ReadonlySet<string> = new Set();
  /** The stream's first sequence. */
  private first = 0;
  /**
   * The oldest entry's sequence: stream info arrives per client, and scanning all entries each time is
   * expensive.
   */
  private oldest = Infinity;
  private readonly lifetimes = new ValueLifetimes();

  /** @param onGone called with entries that the stream no longer holds */
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

  /** There are more subjects or bytes than the limits allow, so nothing is kept. */
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

  /** The stream was replaced, or memory is no longer trusted: everything must be read again. */
  restart(): void {
    this.clear();
    this.first = 0;
    this.state = this.isOff ? 'off' : 'filling';
  }

  /** Receives the stream's current limits. */
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

  /** The subjects of its entries. */
  subjects(): Iterable<string> {
    return this.held.keys();
  }

  /** Whether it knows the newest message of these subjects outside the window, or that there is none. */
  isCompleteFor(subject: WantedSubject): boolean {
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

  /** The window evicted the last message of its subject. */
  evicted(entry: LogEntry): void {
    if (this.state !== 'filling' && this.state !== 'complete') return;
    if (this.isDoubted(entry.subject) || this.holdsNewerThan(entry)) return;
    const kept = new LogEntry(entry.message);
    // A view would keep the whole socket read in memory.
    kept.detach();
    this.put(kept);
  }

  /** The window lost the newest known message of a subject and has no other. The stream may have an older one. */
  left(entry: LogEntry): void {
    if (this.holdsNewerThan(entry)) return;
    const isOlderGone = entry.sequence < this.first || this.lifetimes.isOlderGone(entry);
    if (!isOlderGone) this.markUncertain(entry.subject);
  }

  /** The known message may no longer be the newest of the subject. */
  markUncertain(subject: string): void {
    if (this.state === 'filling' || this.state === 'complete') this.uncertain.add(subject);
  }

  /** Stores the newest message of a subject; its payload must be a copy. */
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

  /** The stream no longer holds these messages. */
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

  /** The limits are exceeded: removes everything. */
  overflow(): void {
    this.clear();
    this.state = 'overflown';
  }

  /** A read starts: it does not resolve subjects that become uncertain from now on. */
  beginRead(): ReadonlySet<string> {
    this.reading = this.uncertain;
    this.uncertain = new Set();
    if (this.state === 'overflown') this.state = 'filling';
    return this.reading;
  }

  /** The results of a read are stored; `isAll` if it covered every subject. */
  endRead(isAll: boolean): void {
    this.reading = new Set();
    if (isAll && this.state === 'filling') this.state = 'complete';
  }

  failRead(): void {
    for (const subject of this.reading) this.uncertain.add(subject);
    this.reading = new Set();
  }

  /** Removes expired messages. Called before every read; cheap while nothing is due. */
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
