import { steadyNow, type StoredMessage, type StreamFacts, type StreamMessage } from '@nuts/nats';
import { MemoryStream } from './memory-stream.fixture.js';
import { messageTtlMs, rollupOf } from './message-lifetime.js';

/** An in-memory stream that removes messages as JetStream does: limits, rollups, TTLs, deletions. */
export class RetainingStream extends MemoryStream {
  private readonly ends = new Map<number, number>();

  constructor(private readonly perSubject = -1) {
    super();
    this.limits = {
      maxMessagesPerSubject: perSubject,
      appliesRollups: true,
      appliesMessageTtl: true,
      // The time at which it stores.
      clockAheadMs: Date.now() - steadyNow(),
    };
  }

  /** Stores a message now and applies its headers. */
  put(subject: string, more: Readonly<Record<string, string>> = {}): number {
    const all = new Map(Object.entries(more));
    const headers = {
      has: (name: string) => all.has(name),
      values: (name: string) => (all.has(name) ? [all.get(name)] : []),
    } as unknown as StreamMessage['headers'];
    const sequence = this.last + 1;
    const message = {
      subject,
      sequence,
      timeNanos: BigInt(Date.now()) * 1_000_000n + BigInt(sequence),
      headers: all.size > 0 ? headers : undefined,
    } as StreamMessage;
    const rollup = rollupOf(message);
    if (rollup !== undefined) this.remove((one) => rollup === 'all' || one.subject === subject);
    const ttl = messageTtlMs(message);
    if (ttl !== undefined) this.ends.set(sequence, Date.now() + ttl);
    if (this.perSubject > 0) {
      const same = this.held.filter((one) => one.subject === subject);
      const doomed = new Set(same.slice(0, Math.max(0, same.length + 1 - this.perSubject)));
      this.remove((one) => doomed.has(one));
    }
    return this.store(subject, `${sequence}`, false, message);
  }

  /** Removes expired messages. */
  expire(): void {
    const now = Date.now();
    this.remove(({ sequence }) => (this.ends.get(sequence) ?? Infinity) <= now);
  }

  override streamFacts(name: string): Promise<StreamFacts> {
    this.expire();
    return super.streamFacts(name);
  }

  override lastMessage(stream: string, subject: string): Promise<StoredMessage | undefined> {
    this.expire();
    return super.lastMessage(stream, subject);
  }

  override nextMessage(
    stream: string,
    sequence: number,
    subject: string,
  ): Promise<StoredMessage | undefined> {
    this.expire();
    return super.nextMessage(stream, sequence, subject);
  }
}
