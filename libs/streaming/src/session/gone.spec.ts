import * as fc from 'fast-check';
import { RetainingStream } from '../log/retaining-stream.fixture.js';
import { FedEngine, settle, type FedClient } from './feed.fixture.js';

/** The time that contract §4 allows between a deletion and its effect on memory, in ms. */
const DUE_MS = 5000;
const SUBJECTS = ['a', 'b', 'c'] as const;

type Step =
  | { readonly do: 'put'; readonly subject: string; readonly headers: Record<string, string> }
  | { readonly do: 'delete'; readonly which: number }
  | { readonly do: 'purge'; readonly subject: string }
  | { readonly do: 'pass'; readonly ms: number }
  | {
      readonly do: 'connect';
      readonly topics: string[];
      readonly back: number;
      readonly room: number;
    }
  | { readonly do: 'drain' };

const subject = fc.constantFrom(...SUBJECTS);
const put = (headers: Record<string, string>) =>
  fc.record({ do: fc.constant('put' as const), subject, headers: fc.constant(headers) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: put({}) },
  { weight: 1, arbitrary: put({ 'Nats-Rollup': 'sub' }) },
  { weight: 1, arbitrary: put({ 'Nats-Rollup': 'all' }) },
  { weight: 1, arbitrary: put({ 'Nats-TTL': '1' }) },
  { weight: 1, arbitrary: put({ 'Nats-TTL': '1m' }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), subject }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10, 900, 6000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('connect' as const),
      topics: fc.subarray([...SUBJECTS], { minLength: 1 }),
      back: fc.nat(12),
      room: fc.constantFrom(1, 3, 1000),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'drain' as const }) },
);

/** A running script, and what the stream really holds. */
class Script {
  private readonly removed = new Map<number, { at: number; isOrder: boolean }>();
  private readonly clients: {
    client: FedClient;
    topics: string[];
    cursor: number;
    seen: number;
    wasReplaying: boolean;
  }[] = [];
  private known: readonly number[] = [];

  constructor(private readonly engine: FedEngine<RetainingStream>) {}

  async take(step: Step): Promise<void> {
    const { stream } = this.engine;
    const fresh = step.do === 'put' ? stream.put(step.subject, step.headers) : 0;
    switch (step.do) {
      case 'delete': {
        const doomed = stream.held[step.which % Math.max(1, stream.held.length)];
        stream.remove((message) => message === doomed);
        break;
      }
      case 'purge':
        stream.remove((message) => message.subject === step.subject);
        break;
      case 'connect':
        this.connect(step.topics, step.back, step.room);
        break;
      case 'drain':
        for (const { client } of this.clients) client.sink.drain();
        break;
      case 'pass':
        await jest.advanceTimersByTimeAsync(step.ms);
        stream.expire();
        break;
      case 'put':
      default:
    }
    await settle();
    this.note(step.do === 'delete' || step.do === 'purge');
    this.judge(fresh);
  }

  /** Much later: all sessions have read everything. */
  async end(): Promise<void> {
    for (let i = 0; i < 80; i++) {
      for (const { client } of this.clients) client.sink.drain();
      await jest.advanceTimersByTimeAsync(i < 3 ? 3000 : 200);
      this.engine.stream.expire();
      await settle();
    }
    for (const { client, topics, cursor } of this.clients) {
      expect(client.failure).toBeUndefined();
      const got = new Set(client.received);
      const due = this.engine.stream.held.filter(
        ({ sequence, subject }) => sequence > cursor && topics.includes(subject),
      );
      expect(due.filter(({ sequence }) => !got.has(sequence))).toEqual([]);
      expect([...got].sort((a, b) => a - b)).toEqual(client.received);
      client.subscription.unsubscribe();
    }
    expect(this.engine.stream.open).toBe(0);
  }

  private connect(topics: string[], back: number, room: number): void {
    const cursor = Math.max(0, this.engine.log.position.sequence - back);
    const client = this.engine.connect(topics, cursor, room);
    this.clients.push({
      client,
      topics,
      cursor,
      seen: 0,
      wasReplaying: client.feed.state === 'replaying',
    });
  }

  private note(isOrder: boolean): void {
    const held = this.engine.stream.held.map(({ sequence }) => sequence);
    const now = new Set(held);
    for (const sequence of this.known) {
      if (!now.has(sequence)) this.removed.set(sequence, { at: Date.now(), isOrder });
    }
    this.known = held;
  }

  /** @param fresh what was stored in this step: whoever is live has it, whatever becomes of it */
  private judge(fresh: number): void {
    for (const one of this.clients) {
      const { client, seen } = one;
      for (const sequence of client.received.slice(seen)) {
        const gone = this.removed.get(sequence);
        if (gone === undefined || sequence === fresh) continue;
        // What a rule of the stream removed is told by the message that did it, or by the clock; a
        // replay may have read it a moment before.
        const isLate = Date.now() - gone.at > DUE_MS;
        const wasTold = !gone.isOrder && Date.now() > gone.at && !one.wasReplaying;
        expect({ sequence, gone, isLate, wasTold }).toMatchObject({
          isLate: false,
          wasTold: false,
        });
      }
      one.seen = client.received.length;
      one.wasReplaying = client.feed.state === 'replaying';
    }
  }
}

describe('messages that the stream no longer holds', () => {
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'],
    });
  });
  afterEach(() => jest.useRealTimers());

  it.each([
    ['no limit for each subject', -1, 100],
    ['one message a subject', 1, 100],
    ['two messages a subject', 2, 100],
    ['a small window', -1, 6],
    ['a small window and one message a subject', 1, 6],
  ])(
    'are never sent from memory, and no others are missing: %s',
    async (_what, perSubject, window) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
          const engine = new FedEngine(window, 4, new RetainingStream(perSubject));
          await engine.start();
          try {
            const script = new Script(engine);
            for (const one of steps) await script.take(one);
            await script.end();
          } finally {
            engine.stop();
          }
        }),
        { numRuns: fc.readConfigureGlobal().numRuns ?? 60 },
      );
    },
  );
});
