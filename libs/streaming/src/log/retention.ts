import { streamNow, type StreamFacts } from '@nuts/nats';
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
 * Removes messages from the window when the stream's own rules remove them, as far as a reader can tell
 * (contract §4): rollups, `max_msgs_per_subject`, `Nats-TTL`, `max_age`, and the first retained sequence.
 * Deletions and purges by subject require a read of the stream: see `DeletionCheck`.
 */
export class Retention {
  /** Messages removed from the window because the stream no longer holds them, or may not; never evictions. */
  readonly gone$ = new Subject<readonly LogEntry[]>();
  /** Number of messages removed this way. */
  removals = 0;
  private window: MessageWindow | undefined;
  private limits: Limits | undefined;
  private readonly deadlines = new DeadlineQueue<LogEntry>();
  /** The oldest message, and when it exceeds `max_age`, in ms of the server's clock. */
  private oldest: { readonly entry: LogEntry; readonly dueMs: number } | undefined;

  /** @param onLeft called with the removed messages before any other listener */
  constructor(private readonly onLeft: (entries: readonly LogEntry[]) => void = () => undefined) {}

  /** A new window starts. */
  begin(window: MessageWindow): void {
    this.window = window;
    this.deadlines.clear();
    this.oldest = undefined;
  }

  /** Receives the stream's current limits. */
  adopt(facts: Limits): void {
    if (facts.maxAgeSeconds !== this.limits?.maxAgeSeconds) this.oldest = undefined;
    this.limits = facts;
    const below = this.window?.through(facts.firstSequence - 1) ?? [];
    this.remove(below);
  }

  /**
   * A message entered the window; the messages that it replaces leave it.
   *
   * @returns whether the stream now holds only this message
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

  /** Removes expired messages. Called before every read; cheap while nothing is due. */
  expire(): void {
    const { window, limits } = this;
    if (window === undefined || limits === undefined) return;
    if (this.deadlines.length > 0) this.expireByTtl(window, streamNow(limits));
    if (limits.maxAgeSeconds > 0) this.expireByAge(window, limits);
  }

  private expectEnd(window: MessageWindow, entry: LogEntry, atMs: number): void {
    this.deadlines.push(entry, atMs);
    // Otherwise evicted messages would remain here for hours.
    if (this.deadlines.length > 2 * window.messages + 64) {
      this.deadlines.retain(({ isGone }) => !isGone);
    }
  }

  private expireByTtl(window: MessageWindow, now: number): void {
    for (;;) {
      const entry = this.deadlines.shiftDue(now);
      if (entry === undefined) return;
      if (!entry.isGone) this.take(entry, () => window.remove(entry));
    }
  }

  /**
   * Sessions that need an expired message read JetStream, which has the final say: its clock may be behind
   * our estimate, and a message may have a longer TTL of its own.
   */
  private expireByAge(window: MessageWindow, limits: Limits): void {
    const now = streamNow(limits);
    for (;;) {
      if (this.oldest === undefined || this.oldest.entry.isGone) {
        const entry = window.first;
        if (entry === undefined) return;
        const dueMs = storedMs(entry) + limits.maxAgeSeconds * 1000;
        this.oldest = { entry, dueMs };
      }
      const { entry, dueMs } = this.oldest;
      if (dueMs > now) return;
      this.take(entry, () => window.forget(entry));
    }
  }

  /**
   * With a limit of one message per subject, only the newest remains. With a higher limit, the stream may
   * still hold the oldest, if another one was deleted without our knowledge: sessions read JetStream for
   * it.
   */
  private pushOut(window: MessageWindow, { subject }: LogEntry, most: number): void {
    const entry = window.firstOf(subject);
    if (entry === undefined) return;
    this.take(entry, () => (most === 1 ? window.remove(entry) : window.forget(entry)));
  }

  /** Returns true for a rollup of all subjects. */
  private rollUp(window: MessageWindow, entry: LogEntry): boolean {
    const rollup = rollupOf(entry.message);
    if (rollup === undefined) return false;
    const subject = rollup === 'sub' ? entry.subject : undefined;
    this.remove(window.through(entry.sequence - 1, subject));
    return rollup === 'all';
  }

  /** The stream no longer holds these messages. */
  remove(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.window?.remove(entry);
    this.tell(entries);
  }

  /** Messages up to here may be deleted: sessions read JetStream instead. */
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

  /** Announces messages that the stream no longer holds, whichever part of memory held them. */
  noteGone(entries: readonly LogEntry[]): void {
    this.removals += entries.length;
    this.gone$.next(entries);
  }
}
