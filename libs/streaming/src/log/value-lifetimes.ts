import { streamNow, type StreamFacts } from '@nuts/nats';
import { firstHeader } from '../frames/message-headers.js';
import { DeadlineQueue } from './deadline-queue.js';
import { storedMs, type LogEntry } from './log-entry.js';
import { messageTtlMs } from './message-lifetime.js';

/** The parts of a stream's configuration and state that limit the life of its messages. */
export type LifetimeLimits = Pick<
  StreamFacts,
  'maxMessagesPerSubject' | 'maxAgeSeconds' | 'appliesMessageTtl' | 'clockAheadMs' | 'firstSequence'
>;

/** When last values expire by the stream's own rules, and whether older messages of their subjects may remain. */
export class ValueLifetimes {
  private limits: LifetimeLimits | undefined;
  private readonly ends = new DeadlineQueue<LogEntry>();

  /** Receives the stream's current limits; the entries of `held` expire by them from now on. */
  adopt(limits: LifetimeLimits, held: Iterable<LogEntry>): void {
    const before = this.limits;
    this.limits = limits;
    const isSame =
      before?.maxAgeSeconds === limits.maxAgeSeconds &&
      before.appliesMessageTtl === limits.appliesMessageTtl;
    if (isSame) return;
    this.ends.clear();
    for (const entry of held) this.expect(entry, Infinity);
  }

  /**
   * @param held the number of entries; used to remove superseded deadlines, which would otherwise remain
   *   for hours
   */
  expect(entry: LogEntry, held: number): void {
    const lifetimeMs = this.lifetimeOf(entry);
    if (lifetimeMs === undefined) return;
    this.ends.push(entry, storedMs(entry) + lifetimeMs);
    if (this.ends.length > 2 * held + 64) this.ends.retain(({ isGone }) => !isGone);
  }

  /** Removes and returns expired entries; cheap while nothing is due. */
  due(): LogEntry[] {
    const due: LogEntry[] = [];
    if (this.ends.length === 0) return due;
    const now = streamNow(this.limits);
    for (;;) {
      const entry = this.ends.shiftDue(now);
      if (entry === undefined) return due;
      if (!entry.isGone) due.push(entry);
    }
  }

  /** Whether the stream holds no older message of the subject. */
  isOlderGone(entry: LogEntry): boolean {
    const { limits } = this;
    if (limits === undefined) return false;
    if (limits.maxMessagesPerSubject === 1 || entry.sequence < limits.firstSequence) return true;
    // An older message may have a longer TTL of its own; and without the server's clock this is unknown.
    const { maxAgeSeconds, clockAheadMs, appliesMessageTtl } = limits;
    if (maxAgeSeconds === 0 || clockAheadMs === undefined || appliesMessageTtl) return false;
    return storedMs(entry) + maxAgeSeconds * 1000 <= streamNow(limits);
  }

  clear(): void {
    this.ends.clear();
  }

  /** How long a message is kept, in ms; a TTL of its own may exceed `max_age`. */
  private lifetimeOf({ message }: LogEntry): number | undefined {
    const { limits } = this;
    if (limits === undefined) return undefined;
    if (limits.appliesMessageTtl && firstHeader(message, 'Nats-TTL') !== undefined) {
      return messageTtlMs(message);
    }
    return limits.maxAgeSeconds > 0 ? limits.maxAgeSeconds * 1000 : undefined;
  }
}
