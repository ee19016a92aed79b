import type { PullReader, ReaderOptions, StreamFacts } from '@nuts/nats';
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

  private async race(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (const subject of this.published.shift() ?? []) this.late(subject);
  }
}

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

it('has the newest message of each subject up to the position of `live`, whatever is published meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (given) => {
      const { before, published, delivered, room, windowMessages, kept } = given;
      const stream = new RacingStream();
      for (const subject of before) stream.store(subject);
      const lastValues = { maxMessages: kept, maxBytes: 1e6 };
      const engine = new FedEngine(windowMessages, 4, stream, lastValues);
      try {
        await engine.start();
        stream.published = published.map((subjects) => [...subjects]);
        const liveFrame = (position: number): Buffer => Buffer.from(`live at ${position}\n\n`);
        const client = engine.connect(TOPICS, 0, room, undefined, undefined, { liveFrame });
        for (const most of delivered) {
          stream.catchUp(most);
          await new Promise((resolve) => setImmediate(resolve));
          if (most % 2 === 0) client.sink.drain();
        }
        const stored = stream.held;
        const isDone = (): boolean =>
          client.feed.caughtUpTo === stored.at(-1)?.sequence &&
          client.writes.some((text) => text.includes('live at'));
        for (let i = 0; i < 2000 && !isDone(); i++) {
          stream.catchUp();
          client.sink.drain();
          await new Promise((resolve) => (i < 50 ? setImmediate(resolve) : setTimeout(resolve, 1)));
        }
        const text = client.writes.join('');
        const [history = '', position] = text.split(/live at (\d+)\n\n/);
        const state = sequencesIn(history);
        for (const name of TOPICS) {
          const own = stored.filter(({ subject }) => subject === name);
          const due = own.filter(({ sequence }) => sequence <= Number(position)).at(-1);
          if (due !== undefined) expect(state).toContain(due.sequence);
          const received = sequencesIn(text);
          const first = own.find(({ sequence }) => received.includes(sequence))?.sequence ?? 0;
          const ordinary = own.map(({ sequence }) => sequence).filter((at) => at >= first);
          expect(received.filter((at) => ordinary.includes(at))).toEqual(ordinary);
        }
        client.subscription.unsubscribe();
      } finally {
        engine.stop();
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);

/** The sequences of messages, by `id` or, for initial values, in the envelope. */
function sequencesIn(text: string): number[] {
  return text
    .split('\n\n')
    .map((frame) => /^id: ?(\d+)$/m.exec(frame) ?? /"sequence":(\d+)/.exec(frame))
    .flatMap((found) => (found === null ? [] : [Number(found[1])]));
}
