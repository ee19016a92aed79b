import * as fc from 'fast-check';
import { NatsReadError } from '@nuts/nats';
import { FedEngine, settle } from '../session/feed.fixture.js';
import { RetainingStream } from './retaining-stream.fixture.js';
import { SubjectSet } from './subject-set.js';

/** What contract §4 allows between an order to delete and its effect on memory, in ms. */
const DUE_MS = 5000;
const SUBJECTS = ['a', 'b', 'o.x', 'o.y', 'o.z'] as const;
const BOUNDS = { maxMessages: 100, maxBytes: 1e6 };

type Step =
  | { readonly do: 'put'; readonly subject: string; readonly headers: Record<string, string> }
  | { readonly do: 'delete'; readonly which: number }
  | { readonly do: 'purge'; readonly subject: string }
  | { readonly do: 'trim'; readonly below: number }
  | { readonly do: 'lose' }
  | { readonly do: 'pass'; readonly ms: number };

const subject = fc.constantFrom(...SUBJECTS);
const put = (headers: Record<string, string>) =>
  fc.record({ do: fc.constant('put' as const), subject, headers: fc.constant(headers) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: put({}) },
  { weight: 1, arbitrary: put({ 'Nats-Rollup': 'sub' }) },
  { weight: 1, arbitrary: put({ 'Nats-Rollup': 'all' }) },
  { weight: 2, arbitrary: put({ 'Nats-TTL': '1' }) },
  { weight: 1, arbitrary: put({ 'Nats-TTL': 'never' }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), subject }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trim' as const), below: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'lose' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(10, 900, 6000) }),
  },
);

const SETS = [['a'], ['b', 'o.x'], ['o.*'], ['>'], ['a', 'o.>'], ['never']].map(
  (topics) => new SubjectSet('', topics),
);

/** A stream that is written to and removed from, and what memory says about it. */
class Script {
  /** When messages were removed by an order, which no rule of the stream foretells. */
  private readonly ordered = new Map<number, number>();
  /** The newest messages of subjects, where an order exposed them. */
  private exposedAt = -Infinity;
  private newest = 0;

  constructor(private readonly engine: FedEngine<RetainingStream>) {}

  async take(step: Step): Promise<void> {
    const { stream } = this.engine;
    const before = new Set(stream.held);
    switch (step.do) {
      case 'put':
        this.newest = stream.put(step.subject, step.headers);
        break;
      case 'delete': {
        const doomed = stream.held[step.which % Math.max(1, stream.held.length)];
        stream.remove((message) => message === doomed);
        break;
      }
      case 'purge':
        stream.remove((message) => message.subject === step.subject);
        break;
      case 'trim': {
        const first = (stream.held[0]?.sequence ?? 0) + step.below;
        stream.remove(({ sequence }) => sequence < first);
        break;
      }
      case 'lose':
        stream.loseTail();
        break;
      case 'pass':
        await jest.advanceTimersByTimeAsync(step.ms);
        stream.expire();
        break;
      default:
        step satisfies never;
    }
    await settle();
    // What a rule of the stream removes is told by the message that did it, once the tail has it.
    const isTold = this.engine.log.position.sequence >= this.newest;
    if (!isTold || (step.do !== 'put' && step.do !== 'pass')) {
      for (const message of before) {
        if (stream.held.includes(message)) continue;
        this.ordered.set(message.sequence, Date.now());
        this.exposedAt = Date.now();
      }
    }
    this.judge();
  }

  /** Long after: memory knows everything, without a consumer. */
  async end(): Promise<void> {
    for (let i = 0; i < 8; i++) {
      await jest.advanceTimersByTimeAsync(3000);
      await settle();
      this.engine.stream.expire();
    }
    for (const set of SETS) expect(this.engine.log.latest.isCompleteFor(set)).toBe(true);
    this.judge();
    expect(this.engine.stream.open).toBe(0);
  }

  private judge(): void {
    const { log, stream } = this.engine;
    stream.expire();
    // The tail lost its consumer: what it has not read yet is told later, as live traffic.
    if (log.position.sequence < (stream.held.at(-1)?.sequence ?? 0)) return;
    const now = Date.now();
    for (const set of SETS) {
      if (!log.latest.isCompleteFor(set)) continue;
      const { entries, hasReplaced } = log.latest.of(set, 0, log.position.sequence);
      expect(hasReplaced).toBe(false);
      const told = entries.map(({ sequence }) => sequence);
      const newest = new Map(
        stream.held
          .filter((message) => set.matches(message.subject))
          .map((message) => [message.subject, message.sequence]),
      );
      const due = [...newest.values()].sort((a, b) => a - b);
      const isSettled = now - this.exposedAt > DUE_MS;
      if (isSettled) expect(told).toEqual(due);
      else {
        // A removed message may still be told for a while, in place of what it hides.
        const stale = told.filter((sequence) => !due.includes(sequence));
        for (const sequence of stale) {
          expect(now - (this.ordered.get(sequence) ?? -Infinity)).toBeLessThanOrEqual(DUE_MS);
        }
        const hidden = due.filter((sequence) => !told.includes(sequence));
        expect(hidden.length).toBeLessThanOrEqual(stale.length);
      }
    }
  }
}

beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'],
  });
});
afterEach(() => jest.useRealTimers());

it.each([
  ['many a subject', -1, 4],
  ['one a subject', 1, 4],
  ['two a subject', 2, 3],
  ['a window that holds everything', -1, 1000],
])(
  'names the newest of each subject, and nothing that is gone: %s',
  async (_what, perSubject, windowMessages) => {
    const stored = fc.array(subject, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        stored,
        fc.array(step, { maxLength: 40, size: 'max' }),
        async (before, steps) => {
          const stream = new RetainingStream(perSubject);
          for (const one of before) stream.put(one);
          const engine = new FedEngine(windowMessages, 4, stream, BOUNDS);
          await engine.start();
          try {
            const script = new Script(engine);
            for (const one of steps) await script.take(one);
            await script.end();
          } finally {
            engine.stop();
          }
        },
      ),
      { numRuns: fc.readConfigureGlobal().numRuns ?? 60 },
    );
  },
);

describe('its bounds', () => {
  const stored = async (
    count: number,
    bounds: typeof BOUNDS,
  ): Promise<FedEngine<RetainingStream>> => {
    const stream = new RetainingStream();
    for (let i = 0; i < count; i++) stream.put(`s${i}`);
    const engine = new FedEngine(2, 4, stream, bounds);
    await engine.start();
    await settle();
    return engine;
  };
  const all = new SubjectSet('', ['>']);

  it.each([
    ['as many as are allowed', { maxMessages: 8, maxBytes: 1e6 }, true],
    ['one more', { maxMessages: 7, maxBytes: 1e6 }, false],
    ['too many bytes', { maxMessages: 8, maxBytes: 1000 }, false],
    ['none allowed', { maxMessages: 0, maxBytes: 1e6 }, false],
    ['no bytes allowed', { maxMessages: 8, maxBytes: 0 }, false],
  ])('hold when it is filled: %s', async (_what, bounds, tells) => {
    const engine = await stored(10, bounds);
    expect(engine.log.latest.isCompleteFor(all)).toBe(tells);
    const { messages, bytes } = engine.log.memory.lastValues;
    if (!tells) expect([messages, bytes]).toEqual([0, 0]);
    else expect(messages).toBe(8);
    engine.stop();
  });

  it('hold when the window evicts, and it is filled again once there are fewer', async () => {
    const engine = await stored(10, { maxMessages: 8, maxBytes: 1e6 });
    const { stream, log } = engine;
    stream.put('one-more');
    await settle();
    expect(log.latest.isCompleteFor(all)).toBe(false);
    expect(log.memory.lastValues.messages).toBe(0);
    // What the window holds it tells all the same.
    expect(log.latest.isCompleteFor(new SubjectSet('', ['one-more']))).toBe(true);
    stream.remove(({ subject: name }) => name === 's3');
    await jest.advanceTimersByTimeAsync(65_000);
    await settle();
    expect(log.latest.isCompleteFor(all)).toBe(true);
    engine.stop();
  });

  it('reads again after a failure, and says nothing until then', async () => {
    const stream = new RetainingStream();
    for (let i = 0; i < 10; i++) stream.put(`s${i}`);
    stream.refuseConsumers = new NatsReadError('consumer_limit', 'full');
    const engine = new FedEngine(2, 4, stream, BOUNDS);
    await engine.start();
    expect(engine.log.latest.isCompleteFor(all)).toBe(false);
    stream.refuseConsumers = undefined;
    await jest.advanceTimersByTimeAsync(5000);
    expect(engine.log.latest.isCompleteFor(all)).toBe(true);
    engine.stop();
  });

  it('trusts nothing that it could not compare in time', async () => {
    const engine = await stored(10, BOUNDS);
    const { stream, log } = engine;
    stream.refuseConsumers = new NatsReadError('refused', 'not allowed');
    stream.remove(({ subject: name }) => name === 's3');
    await jest.advanceTimersByTimeAsync(6500);
    expect(log.latest.isCompleteFor(all)).toBe(false);
    engine.stop();
  });
});
