import type { PullReader, ReaderOptions, StreamFacts, StreamMessage } from '@nuts/nats';
import * as fc from 'fast-check';
import { MemoryStream } from '../log/memory-stream.fixture.js';
import { FedEngine } from './feed.fixture.js';

/** A server at some distance: other clients publish while it answers, and its tail is late. */
class RacingStream extends MemoryStream {
  /** What other clients publish before and after each answer. */
  published: string[][] = [];
  private undelivered = 0;

  /** Stores a message that the tail has not yet. */
  late(subject: string): void {
    this.store(subject, '{}', true);
    this.undelivered += 1;
  }

  /** The tail catches up, to some messages. */
  catchUp(most = Infinity): void {
    const { held } = this;
    for (let i = 0; i < most && this.undelivered > 0; i++) {
      const message = held[held.length - this.undelivered];
      this.undelivered -= 1;
      if (message !== undefined) this.deliver(message);
    }
  }

  override async streamFacts(name: string): Promise<StreamFacts> {
    await this.race();
    const facts = await super.streamFacts(name);
    await this.race();
    return facts;
  }

  override async openPull(options: ReaderOptions): Promise<PullReader> {
    await this.race();
    const reader = await super.openPull(options);
    await this.race();
    const pull: PullReader['pull'] = async (batch, maxBytes) => {
      await this.race();
      return reader.pull(Math.min(batch, 3), maxBytes);
    };
    return { ...reader, pull };
  }

  /** Only of messages that the tail has: it gets every other one, or finds it missing. */
  private deleteNewest(subject: string): void {
    const delivered = this.held.slice(0, this.held.length - this.undelivered);
    const newest = delivered.findLast((message) => message.subject === subject);
    this.remove((message) => message === newest);
  }

  private async race(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (const subject of this.published.shift() ?? []) {
      if (subject.startsWith('-')) this.deleteNewest(subject.slice(1));
      else this.late(subject);
    }
  }
}

/** More of them with `RACES=2000`. */
const RUNS = Number(process.env['RACES'] ?? 150);
const TOPICS = ['a', 'b', 'c', 'd', 'e'];
const topic = fc.constantFrom(...TOPICS);
const history = fc.record({
  before: fc.array(topic, { minLength: 1, maxLength: 20 }),
  published: fc.array(fc.array(topic, { maxLength: 3 }), { maxLength: 12 }),
  delivered: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 }),
  room: fc.integer({ min: 1, max: 4 }),
  windowMessages: fc.integer({ min: 1, max: 8 }),
  kept: fc.constantFrom(0, 100),
});
type Given = typeof history extends fc.Arbitrary<infer T> ? T : never;

/** Opens a session amid what is published, and waits until it has everything. */
async function race(
  given: Given,
  topics: readonly string[],
  after: number,
  start?: { liveFrame: (position: number) => Buffer },
): Promise<{ readonly text: string; readonly stored: readonly StreamMessage[] }> {
  const { before, published, delivered, room, windowMessages, kept } = given;
  const stream = new RacingStream();
  for (const subject of before) stream.store(subject);
  const lastValues = { maxMessages: kept, maxBytes: 1e6 };
  const engine = new FedEngine(windowMessages, 4, stream, lastValues);
  try {
    await engine.start();
    stream.published = published.map((subjects) => [...subjects]);
    const client = engine.connect(topics, after, room, undefined, undefined, start);
    for (const most of delivered) {
      stream.catchUp(most);
      await new Promise((resolve) => setImmediate(resolve));
      if (most % 2 === 0) client.sink.drain();
    }
    const isDone = (): boolean => client.feed.caughtUpTo === stream.held.at(-1)?.sequence;
    for (let i = 0; i < 2000 && !isDone(); i++) {
      stream.catchUp();
      client.sink.drain();
      await new Promise((resolve) => (i < 50 ? setImmediate(resolve) : setTimeout(resolve, 1)));
    }
    client.subscription.unsubscribe();
    return { text: client.writes.join(''), stored: stream.held };
  } finally {
    engine.stop();
  }
}

it('has the newest message of each subject up to the position of `live`, whatever is published meanwhile', async () => {
  const liveFrame = (position: number): Buffer => Buffer.from(`live at ${position}\n\n`);
  await fc.assert(
    fc.asyncProperty(history, async (given) => {
      const { text, stored } = await race(given, TOPICS, 0, { liveFrame });
      const [history = '', position] = text.split(/live at (\d+)\n\n/);
      const state = sequencesIn(history);
      const received = sequencesIn(text);
      for (const name of TOPICS) {
        const own = stored.filter(({ subject }) => subject === name);
        const due = own.filter(({ sequence }) => sequence <= Number(position)).at(-1);
        if (due !== undefined) expect(state).toContain(due.sequence);
        const first = own.find(({ sequence }) => received.includes(sequence))?.sequence ?? 0;
        const ordinary = own.map(({ sequence }) => sequence).filter((at) => at >= first);
        expect(received.filter((at) => ordinary.includes(at))).toEqual(ordinary);
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);

it('has each message after its cursor once and in order, whatever is published meanwhile', async () => {
  const topics = fc.oneof(
    fc.uniqueArray(topic, { minLength: 1 }),
    fc.constantFrom(['>'], ['*', 'a'], ['f']),
  );
  await fc.assert(
    fc.asyncProperty(history, topics, fc.nat(20), async (given, asked, back) => {
      const after = Math.max(0, given.before.length - back);
      const { text, stored } = await race(given, asked, after);
      const isAsked = ({ subject }: StreamMessage): boolean =>
        asked.some((each) => each === subject || each === '>' || each === '*');
      const due = stored.filter((message) => message.sequence > after && isAsked(message));
      expect(sequencesIn(text)).toEqual(due.map(({ sequence }) => sequence));
    }),
    { numRuns: RUNS },
  );
}, 600_000);

it('has each message that is not deleted once and in order, whatever is published and deleted meanwhile', async () => {
  const deletions = fc.array(fc.array(topic, { maxLength: 2 }), { maxLength: 12 });
  const topics = fc.oneof(
    fc.uniqueArray(topic, { minLength: 1 }),
    fc.constantFrom(['>'], ['*', 'a'], ['f']),
  );
  await fc.assert(
    fc.asyncProperty(
      history,
      deletions,
      topics,
      fc.nat(20),
      async (given, deleted, asked, back) => {
        const published = given.published.map((each, index) => [
          ...each,
          ...(deleted[index] ?? []).map((subject) => `-${subject}`),
        ]);
        const after = Math.max(0, given.before.length - back);
        const { text, stored } = await race({ ...given, published }, asked, after);
        const isAsked = ({ subject }: StreamMessage): boolean =>
          asked.some((each) => each === subject || each === '>' || each === '*');
        const due = stored.filter((message) => message.sequence > after && isAsked(message));
        const received = sequencesIn(text);
        const held = new Set(stored.map(({ sequence }) => sequence));
        expect(received.filter((sequence) => held.has(sequence))).toEqual(
          due.map(({ sequence }) => sequence),
        );
        expect(received).toEqual([...new Set(received)].sort((a, b) => a - b));
      },
    ),
    { numRuns: RUNS },
  );
}, 600_000);

/** The sequences of messages, by `id` or, for initial values, in the envelope. */
function sequencesIn(text: string): number[] {
  return text
    .split('\n\n')
    .map((frame) => /^id: ?(\d+)$/m.exec(frame) ?? /"sequence":(\d+)/.exec(frame))
    .flatMap((found) => (found === null ? [] : [Number(found[1])]));
}
