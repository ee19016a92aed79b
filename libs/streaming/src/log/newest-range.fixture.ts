import type { NatsClient, PullReader, ReaderOptions, StoredMessage } from '@nuts/nats';
import { storedMessage } from '../frames/message.fixture.js';
import { matchesSubject } from '../topics/subject-pattern.js';
import { readNewest, type NewestWanted } from './newest-range.js';

type Client = Pick<NatsClient, 'lastMessage' | 'openPull'>;

/** A stream that records how it is read. Its messages are given as subjects by sequence. */
export class Recorded implements Client {
  /** How far before the end each consumer started. */
  readonly starts: number[] = [];
  readonly batches: number[] = [];
  /** The filters whose newest message was looked up. */
  readonly lookups: string[] = [];
  open = 0;
  pulled = 0;
  /** Empty pulls before each batch. */
  dryPulls = 0;
  onDry: () => void = () => undefined;
  /** The server delivers more than several filters match. */
  isWider = false;
  private readonly held: StoredMessage[] = [];

  constructor(subjects: Iterable<string | undefined>) {
    let sequence = 0;
    for (const subject of subjects) {
      sequence++;
      if (subject !== undefined) this.held.push({ sequence, subject, timeNanos: BigInt(sequence) });
    }
  }

  remove(doomed: (sequence: number) => boolean): void {
    const kept = this.held.filter(({ sequence }) => !doomed(sequence));
    this.held.splice(0, Infinity, ...kept);
  }

  of(filters: readonly string[], from = 1): StoredMessage[] {
    const matching = new Set(
      [...new Set(this.held.map(({ subject }) => subject))].filter((subject) =>
        filters.some((filter) => matchesSubject(filter, subject)),
      ),
    );
    return this.held.filter(({ sequence, subject }) => sequence >= from && matching.has(subject));
  }

  lastMessage(_stream: string, filter: string): Promise<StoredMessage | undefined> {
    this.lookups.push(filter);
    return Promise.resolve(this.of([filter]).at(-1));
  }

  openPull({ start, filters, headersOnly }: ReaderOptions): Promise<PullReader> {
    const from = 'sequence' in start ? start.sequence : 0;
    const isWider = this.isWider && filters.length > 1;
    const due = this.of(isWider ? ['>'] : filters, from);
    expect(headersOnly).toBe(true);
    this.starts.push((this.of(filters).at(-1)?.sequence ?? 0) - from + 1);
    this.open++;
    let dry = 0;
    const pull = (batch: number): ReturnType<PullReader['pull']> => {
      this.batches.push(batch);
      if (dry++ < this.dryPulls) {
        this.onDry();
        return Promise.resolve({ messages: [], dry: true });
      }
      dry = 0;
      const messages = due.splice(0, batch).map((one) => storedMessage('not needed', one));
      this.pulled += messages.length;
      return Promise.resolve({ messages, dry: due.length === 0 });
    };
    const pending = isWider ? undefined : due.length;
    return Promise.resolve({
      name: 'r',
      pending,
      pull,
      close: () => Promise.resolve(void this.open--),
    });
  }

  read(wanted: Partial<NewestWanted>): Promise<StoredMessage[]> {
    const all = { stream: 'EVENTS', filters: ['a.>'], isWanted: () => true, count: 1, first: 1 };
    return readNewest(this as unknown as NatsClient, { ...all, ...wanted });
  }
}
