import * as fc from 'fast-check';
import { formatEventId } from '../frames/event-id.js';
import { SubjectSet } from '../log/subject-set.js';
import { ReplaySlots } from '../replay/replay-slots.js';
import { FedEngine } from '../session/feed.fixture.js';
import type { Plan } from './plan.js';
import { SessionPlanner } from './session-planner.js';
import type { PlannerOptions, StartAsker } from './start-planner.js';

/** `MemoryStream` stores one message per second from this time on. */
const FIRST_STORED_MS = 1_767_268_800_000;

let engine: FedEngine;
afterEach(() => engine.stop());

const start = async (windowMessages: number, stored: readonly string[]): Promise<void> => {
  engine = new FedEngine(windowMessages, 4, undefined, { maxMessages: 100, maxBytes: 1e6 });
  for (const subject of stored) engine.stream.store(subject);
  await engine.start();
};
const planner = (options: Partial<PlannerOptions> = {}, nowMs = FIRST_STORED_MS): SessionPlanner =>
  new SessionPlanner(engine.log, { eventId: 'sequence', ...options }, () => nowMs);
const count = (n: number, topics: readonly string[], asker?: StartAsker): Promise<Plan> =>
  planner().plan(new SubjectSet('', topics), undefined, { from: 'count', count: n }, asker);
const asker = (slots: ReplaySlots, signal = new AbortController().signal): StartAsker => ({
  signal: () => signal,
  client: () => 'a client',
  slots,
});

describe('start=last:N', () => {
  it('covers everything after the start, from memory or from JetStream', async () => {
    const subject = fc.constantFrom('a', 'b', 'o.x', 'o.y');
    await fc.assert(
      fc.asyncProperty(
        fc.array(subject, { maxLength: 40 }),
        fc.constantFrom(0, 1, 3, 10, 100),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(['a'], ['a', 'b'], ['o.*'], ['>'], ['a', 'o.>'], ['never']),
        fc.nat(10),
        async (stored, windowMessages, n, topics, removed) => {
          await start(windowMessages, stored);
          try {
            engine.stream.remove(({ sequence }) => sequence <= removed);
            await engine.log.freshFacts();
            const set = new SubjectSet('', topics);
            const planned = await count(n, topics);
            const due = engine.stream.held.filter((message) => set.matches(message.subject));
            const following = due.filter(({ sequence }) => sequence > planned.after);
            expect(following).toEqual(due.slice(-n));
            expect(planned).toMatchObject({ recovery: 'started', start: 'count' });
            expect(planned.id).toBe(String(planned.after));
            // The newest message is not skipped for an older start.
            const first = due.slice(-n)[0];
            expect(planned.after).toBe(first ? first.sequence - 1 : engine.log.position.sequence);
            expect(engine.stream.open).toBe(0);
          } finally {
            engine.stop();
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('comes from memory if the window holds the messages', async () => {
    await start(10, ['a', 'b', 'a', 'b', 'a', 'a', 'a', 'a']);
    const { opened } = engine.stream;
    const lookups = jest.spyOn(engine.stream, 'lastMessage');
    expect(await count(3, ['a'])).toMatchObject({ after: 5 });
    // All messages: memory has the stream from its first message on.
    expect(await count(6, ['a'])).toMatchObject({ after: 0 });
    expect(await count(50, ['b'])).toMatchObject({ after: 1 });
    expect(await count(2, ['never'])).toMatchObject({ after: 8 });
    expect([engine.stream.opened, lookups.mock.calls]).toEqual([opened, []]);
  });

  it('reads the stream if the window has fewer messages, or lost some', async () => {
    await start(4, ['a', 'a', 'a', 'b', 'b', 'a', 'a']);
    const { opened } = engine.stream;
    expect(await count(2, ['a'])).toMatchObject({ after: 5 });
    expect(engine.stream.opened).toBe(opened);
    expect(await count(3, ['a'])).toMatchObject({ after: 2 });
    expect(engine.stream.opened).toBe(opened + 1);
  });

  it('is searched in a replay slot, by a reader that adapts to how sparse the messages are', async () => {
    await start(10, [...Array.from({ length: 90 }, (_, i) => (i % 10 === 0 ? 'a' : 'b'))]);
    const { opened } = engine.stream;
    const slots = new ReplaySlots(() => 1);
    const claims: unknown[] = [];
    const acquire = slots.acquire.bind(slots);
    slots.acquire = (signal, claim) => {
      claims.push(claim);
      return acquire(signal, claim);
    };
    expect(await count(5, ['a'], asker(slots))).toMatchObject({ after: 40 });
    expect(claims).toEqual([{ client: 'a client', left: 5 }]);
    // The window has one of them in ten: the first guess finds all, with one consumer.
    expect(engine.stream.opened - opened).toBe(1);
    // The slot was released.
    expect(await count(5, ['a'], asker(slots))).toMatchObject({ after: 40 });
  });

  it('is not searched if the client left while it waited', async () => {
    await start(1, ['a', 'a', 'a', 'b']);
    const { opened } = engine.stream;
    const slots = new ReplaySlots(() => 1);
    const planned = count(2, ['a'], asker(slots, AbortSignal.abort()));
    await expect(planned).rejects.toMatchObject({
      kind: 'jetstream_unavailable',
      reason: 'client_context_done',
    });
    expect(engine.stream.opened).toBe(opened);
    expect(await count(2, ['a'], asker(slots))).toMatchObject({ after: 1 });
  });

  it('excludes messages older than replay_window', async () => {
    await start(100, ['a', 'a', 'a', 'a', 'a']);
    const plan = (seconds: number): Promise<Plan> =>
      planner({ replayWindowMs: seconds * 1000 }, FIRST_STORED_MS + 5000).plan(
        new SubjectSet('', ['a']),
        undefined,
        { from: 'count', count: 4 },
      );
    expect(await plan(3)).toMatchObject({ after: 1 });
    expect(await plan(2)).toMatchObject({ after: 2 });
    expect(await plan(0.5)).toMatchObject({ after: 4 });
    expect(await plan(0.001)).toMatchObject({ after: 4 });
  });
});

describe('last values', () => {
  const last = (options?: Partial<PlannerOptions>, nowMs?: number): Promise<Plan> =>
    planner(options, nowMs).plan(new SubjectSet('', ['a']), undefined, { from: 'last' });

  it('refer to the position, and have no cursor', async () => {
    await start(2, ['a', 'b', 'a', 'b']);
    const planned = await last();
    expect(planned).toMatchObject({ recovery: 'started', start: 'last', after: 4, id: '' });
    expect(planned.notBeforeNanos).toBeUndefined();
    // Limits on history do not apply to a state.
    expect(planned.historyThrough).toBe(0);
  });

  it('exclude messages older than replay_window', async () => {
    await start(2, ['a', 'b', 'a', 'b']);
    expect(await last({ replayWindowMs: 2000 }, FIRST_STORED_MS + 4000)).toMatchObject({
      notBeforeNanos: BigInt(FIRST_STORED_MS + 2000) * 1_000_000n,
    });
  });

  it('wait until memory has what the stream has', async () => {
    await start(100, ['a', 'b']);
    engine.stream.store('a');
    expect(await last()).toMatchObject({ after: 3 });
  });

  it('wait for the first read of last values', async () => {
    await start(100, ['a', 'b']);
    let read: () => void = () => undefined;
    const firstRead = new Promise<void>((resolve) => (read = resolve));
    jest.spyOn(engine.log.memory, 'firstRead', 'get').mockReturnValue(firstRead);
    let isPlanned = false;
    const planned = last().finally(() => (isPlanned = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isPlanned).toBe(false);
    read();
    expect(await planned).toMatchObject({ start: 'last' });
  });
});

describe('other starts', () => {
  const plan = (
    from: Parameters<SessionPlanner['plan']>[2],
    options: Partial<PlannerOptions> = {},
    nowMs = FIRST_STORED_MS,
  ): Promise<Plan> => planner(options, nowMs).plan(new SubjectSet('', ['a']), undefined, from);

  it('are live by default and for a time in the future', async () => {
    await start(100, ['a', 'b']);
    const live = { recovery: 'live', start: 'live', after: 2, id: '2' };
    expect(await plan(undefined)).toMatchObject(live);
    expect(await plan({ from: 'live' })).toMatchObject(live);
    const nanos = BigInt(FIRST_STORED_MS + 1) * 1_000_000n;
    expect(await plan({ from: 'time', nanos })).toMatchObject(live);
    const reads = engine.stream.factsRead;
    await plan({ from: 'live' });
    expect(engine.stream.factsRead).toBe(reads);
  });

  it.each([100, 2])('start with all retained messages (window %i)', async (windowMessages) => {
    await start(windowMessages, ['a', 'b', 'a', 'b', 'a']);
    expect(await plan({ from: 'all' })).toMatchObject({ start: 'all', after: 0, id: '0' });
    engine.stream.remove(({ sequence }) => sequence < 3);
    expect(await plan({ from: 'all' })).toMatchObject({ start: 'all', after: 2, id: '2' });
    expect(await plan({ from: 'all' })).toMatchObject({ historyThrough: 5 });
  });

  it('start a duration ago', async () => {
    await start(100, ['a', 'b', 'a', 'b', 'a']);
    const nowMs = FIRST_STORED_MS + 5000;
    const nanos = 2_500_000_000n;
    expect(await plan({ from: 'duration', nanos }, {}, nowMs)).toMatchObject({
      start: 'time',
      after: 2,
    });
  });

  it('have the stored time in an ID that carries it', async () => {
    await start(100, ['a', 'b', 'a', 'b', 'a']);
    const timeNanos = BigInt(FIRST_STORED_MS + 2000) * 1_000_000n;
    const id = formatEventId('sequence_time', { sequence: 2, timeNanos });
    const options = { eventId: 'sequence_time' as const };
    const nowMs = FIRST_STORED_MS + 5000;
    const from = { from: 'duration' as const, nanos: 2_500_000_000n };
    expect(await plan(from, options, nowMs)).toMatchObject({ id });
    expect(await plan({ from: 'all' }, options, nowMs)).toMatchObject({ id: '0' });
  });

  it('contain the last sequence of the stream that was read for them', async () => {
    await start(100, ['a']);
    engine.stream.store('a', '{}', true);
    expect(await plan({ from: 'all' })).toMatchObject({ streamEnd: 2 });
    engine.stream.streamFacts = () => Promise.reject(new Error('away'));
    expect((await plan({ from: 'all' })).streamEnd).toBeUndefined();
  });

  it('are refused while the stream is being replaced', async () => {
    await start(100, ['a']);
    const { stream } = engine;
    const read = stream.streamFacts.bind(stream);
    stream.streamFacts = async (name) => ({ ...(await read(name)), created: 'later' });
    await expect(plan({ from: 'all' })).rejects.toMatchObject({ kind: 'jetstream_unavailable' });
  });
});
