import type { StreamFacts } from '@nuts/nats';
import { firstHeader } from '../frames/message-headers.js';
import { DeadlineQueue } from './deadline-queue.js';
import { storedMs, type LogEntry } from './log-entry.js';
import { messageTtlMs } from './message-lifetime.js';

/** What a stream's configuration and state tell of the life of its messages. */
export type LifetimeLimits = Pick<
  StreamFacts,
  'maxMessagesPerSubject' | 'maxAgeSeconds' | 'appliesMessageTtl' | 'clockAheadMs' | 'firstSequence'
>;

/** When last values end by the stream's own rules, and whether older messages of their subjects may be left. */
export class ValueLifetimes {
  private limits: LifetimeLimits | undefined;
  private readonly ends = new DeadlineQueue<LogEntry>();

  /** The stream's limits as they were last read; `held` is expected to end by them from now on. */
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

  /** @param held how many entries there are: superseded ones would wait here for hours otherwise */
  expect(entry: LogEntry, held: number): void {
    const lifetimeMs = this.lifetimeOf(entry);
    if (lifetimeMs === undefined) return;
    this.ends.push(entry, storedMs(entry) + lifetimeMs);
    if (this.ends.length > 2 * held + 64) this.ends.retain(({ isGone }) => !isGone);
  }

  /** Takes out the entries whose time has passed; costs nothing while nothing is due. */
  due(): LogEntry[] {
    const due: LogEntry[] = [];
    if (this.ends.length === 0) return due;
    const now = Date.now() + (this.limits?.clockAheadMs ?? 0);
    for (;;) {
      const entry = this.ends.shiftDue(now);
      if (entry === undefined) return due;
      if (!entry.isGone) due.push(entry);
    }
  }

  /** Whether the stream holds nothing of the subject that is older than this message. */
  isOlderGone(entry: LogEntry): boolean {
    const { limits } = this;
    if (limits === undefined) return false;
    if (limits.maxMessagesPerSubject === 1 || entry.sequence < limits.firstSequence) return true;
    // By a header of its own an older message may live longer; and without the server's clock, who knows.
    const { maxAgeSeconds, clockAheadMs, appliesMessageTtl } = limits;
    if (maxAgeSeconds === 0 || clockAheadMs === undefined || appliesMessageTtl) return false;
    return storedMs(entry) + maxAgeSeconds * 1000 <= Date.now() + clockAheadMs;
  }

  clear(): void {
    this.ends.clear();
  }

  /** How long a message is kept, in ms; one with a lifetime of its own may outlive `max_age`. */
  private lifetimeOf({ message }: LogEntry): number | undefined {
    const { limits } = this;
    if (limits === undefined) return undefined;
    if (limits.appliesMessageTtl && firstHeader(message, 'Nats-TTL') !== undefined) {
      return messageTtlMs(message);
    }
    return limits.maxAgeSeconds > 0 ? limits.maxAgeSeconds * 1000 : undefined;
  }
}
