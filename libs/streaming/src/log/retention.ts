import type { StreamFacts } from '@nuts/nats';
import { Subject } from 'rxjs';
import { DeadlineQueue } from './deadline-queue.js';
import { storedMs, type LogEntry } from './log-entry.js';
import { messageTtlMs, rollupOf } from './message-lifetime.js';
import type { MessageWindow } from './message-window.js';

type Limits = Pick<
  StreamFacts,
  | 'maxMessagesPerSubject'
  | 'maxAgeSeconds'
  | 'appliesRollups'
  | 'appliesMessageTtl'
  | 'clockAheadMs'
  | 'firstSequence'
>;

/**
 * Takes out of the window what the stream lets go of by its own rules, as far as a reader can tell
 * (contract §4): rollups, `max_msgs_per_subject`, `Nats-TTL`, `max_age`, and the first retained
 * sequence. Deletions and purges by subject need a look at the stream: see `DeletionCheck`.
 */
export class Retention {
  /** What left the window because the stream holds it no more, or may not; never an eviction. */
  readonly gone$ = new Subject<readonly LogEntry[]>();
  /** Counts what left so. */
  removals = 0;
  private window: MessageWindow | undefined;
  private limits: Limits | undefined;
  private readonly deadlines = new DeadlineQueue<LogEntry>();
  /** When the oldest message outlives `max_age`, in ms of our clock, and which one that is. */
  private oldest: { readonly entry: LogEntry; readonly dueMs: number } | undefined;

  /** @param onLeft hears what left the window so, before anybody else */
  constructor(private readonly onLeft: (entries: readonly LogEntry[]) => void = () => undefined) {}

  /** Another window begins. */
  begin(window: MessageWindow): void {
    this.window = window;
    this.deadlines.clear();
    this.oldest = undefined;
  }

  /** The stream's limits as they were last read. */
  adopt(facts: Limits): void {
    if (facts.maxAgeSeconds !== this.limits?.maxAgeSeconds) this.oldest = undefined;
    this.limits = facts;
    const below = this.window?.through(facts.firstSequence - 1) ?? [];
    this.remove(below);
  }

  /**
   * A message entered the window; what it replaces leaves it.
   *
   * @returns whether the stream holds nothing else any more
   */
  appended(entry: LogEntry): boolean {
    const { window, limits } = this;
    if (window === undefined || limits === undefined) return false;
    const most = limits.maxMessagesPerSubject;
    if (most > 0 && window.countOf(entry.subject) > most) this.pushOut(window, entry, most);
    const isAlone = limits.appliesRollups && this.rollUp(window, entry);
    if (limits.appliesMessageTtl) {
      const ttl = messageTtlMs(entry.message);
      if (ttl !== undefined) this.expectEnd(window, entry, storedMs(entry) + ttl);
    }
    return isAlone;
  }

  /** Takes out what its time has passed of. Asked before every read: costs nothing while nothing is due. */
  expire(): void {
    const { window, limits } = this;
    if (window === undefined || limits === undefined) return;
    if (this.deadlines.length > 0) this.expireByTtl(window, limits.clockAheadMs ?? 0);
    if (limits.maxAgeSeconds > 0) this.expireByAge(window, limits);
  }

  private expectEnd(window: MessageWindow, entry: LogEntry, atMs: number): void {
    this.deadlines.push(entry, atMs);
    // Evicted messages wait here for hours otherwise.
    if (this.deadlines.length > 2 * window.messages + 64) {
      this.deadlines.retain(({ isGone }) => !isGone);
    }
  }

  private expireByTtl(window: MessageWindow, clockAheadMs: number): void {
    const now = Date.now() + clockAheadMs;
    for (;;) {
      const entry = this.deadlines.shiftDue(now);
      if (entry === undefined) return;
      if (!entry.isGone) this.take(entry, () => window.remove(entry));
    }
  }

  /**
   * Whoever needs what was too old is sent to JetStream, which knows: its clock may be behind ours, and
   * a message may live longer by its own header.
   */
  private expireByAge(window: MessageWindow, { maxAgeSeconds, clockAheadMs = 0 }: Limits): void {
    for (;;) {
      if (this.oldest === undefined || this.oldest.entry.isGone) {
        const entry = window.first;
        if (entry === undefined) return;
        const dueMs = storedMs(entry) + maxAgeSeconds * 1000 - clockAheadMs;
        this.oldest = { entry, dueMs };
      }
      const { entry, dueMs } = this.oldest;
      if (dueMs > Date.now()) return;
      this.take(entry, () => window.forget(entry));
    }
  }

  /**
   * With one message a subject the newest is all that is left. With more, one may have been deleted
   * that we do not know of, and then the stream still holds the oldest: JetStream is asked for it.
   */
  private pushOut(window: MessageWindow, { subject }: LogEntry, most: number): void {
    const entry = window.firstOf(subject);
    if (entry === undefined) return;
    this.take(entry, () => (most === 1 ? window.remove(entry) : window.forget(entry)));
  }

  /** True for a rollup of all subjects. */
  private rollUp(window: MessageWindow, entry: LogEntry): boolean {
    const rollup = rollupOf(entry.message);
    if (rollup === undefined) return false;
    const subject = rollup === 'sub' ? entry.subject : undefined;
    this.remove(window.through(entry.sequence - 1, subject));
    return rollup === 'all';
  }

  /** The stream holds these no more. */
  remove(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.window?.remove(entry);
    this.tell(entries);
  }

  /** What is held up to here may be gone: JetStream is asked instead. */
  forgetAll(through: number): void {
    this.tell(this.window?.forgetAll(through) ?? []);
  }

  private take(entry: LogEntry, leave: () => void): void {
    leave();
    this.tell([entry]);
  }

  private tell(entries: readonly LogEntry[]): void {
    if (entries.length === 0) return;
    this.onLeft(entries);
    this.noteGone(entries);
  }

  /** Tells of what the stream no longer holds, wherever in memory it was. */
  noteGone(entries: readonly LogEntry[]): void {
    this.removals += entries.length;
    this.gone$.next(entries);
  }
}
