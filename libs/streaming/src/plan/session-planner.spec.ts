import * as fc from 'fast-check';
import { NatsReadError } from '@nuts/nats';
import { FedEngine, settle } from '../session/feed.fixture.js';
import { SubjectSet } from '../log/subject-set.js';
import { parseCursor } from '../topics/cursor.js';
import { placeCursor, type Plan } from './plan.js';
import { SessionPlanner } from './session-planner.js';
import type { PlannerOptions } from './start-planner.js';

/** `MemoryStream` stores one message per second from this time on. */
const FIRST_STORED_MS = 1_767_268_800_000;

describe('placeCursor', () => {
  it('compares exactly, up to the highest cursor', () => {
    const cursor = fc.bigInt({ min: 0n, max: 2n ** 64n - 3n });
    fc.assert(
      fc.property(cursor, fc.nat(1e6), fc.nat(1e6), (sequence, first, held) => {
        const place = placeCursor({ sequence }, { firstSequence: first }, first + held);
        if (sequence > BigInt(first + held)) expect(place).toBe('ahead');
        else expect(place).toBe(sequence + 1n < BigInt(first) ? 'below_retention' : 'continues');
      }),
    );
  });
});

describe('SessionPlanner', () => {
  let engine: FedEngine;
  const start = async (windowMessages: number, stored: readonly string[]): Promise<void> => {
    engine = new FedEngine(windowMessages);
    for (const subject of stored) engine.stream.store(subject);
    await engine.start();
  };
  afterEach(() => engine.stop());

  const plan = (
    cursor: string | undefined,
    options: Partial<PlannerOptions> = {},
    nowMs = FIRST_STORED_MS,
    topics = ['a'],
  ): Promise<Plan> =>
    new SessionPlanner(engine.log, { eventId: 'sequence', ...options }, () => nowMs).plan(
      new SubjectSet('', topics),
      cursor === undefined ? undefined : parseCursor(cursor),
    );

  it('starts live at the newest position without reading the stream', async () => {
    await start(100, ['a', 'b', 'a']);
    const reads = engine.stream.factsRead;
    expect(await plan(undefined)).toMatchObject({ recovery: 'live', after: 3, id: '3' });
    expect(await plan('3')).toMatchObject({ recovery: 'resumed', after: 3, id: '3' });
    expect(engine.stream.factsRead).toBe(reads);
  });

  it('reads the stream once for all concurrent resumes from memory', async () => {
    await start(100, ['a', 'b', 'a']);
    const reads = engine.stream.factsRead;
    const plans = await Promise.all(Array.from({ length: 50 }, () => plan('1')));
    expect(plans.every(({ recovery, after }) => recovery === 'resumed' && after === 1)).toBe(true);
    expect(engine.stream.factsRead - reads).toBeLessThanOrEqual(2);
  });

  it('resumes from memory if the stream does not answer', async () => {
    await start(100, ['a', 'b', 'a']);
    engine.stream.streamFacts = () => new Promise(() => undefined);
    expect(await plan('1')).toMatchObject({ recovery: 'resumed', after: 1 });
  });

  it('reads the stream before it treats a cursor as ahead of it', async () => {
    await start(100, ['a']);
    engine.stream.store('a', '{}', true);
    expect(await plan('2')).toMatchObject({ recovery: 'resumed', after: 2 });
    expect(await plan('3')).toMatchObject({
      recovery: 'fallback',
      reason: 'cursor ahead of stream',
      after: 0,
      id: '3',
    });
    expect(await plan('18446744073709551613')).toMatchObject({ id: '18446744073709551613' });
  });

  it('makes no decision while the stream cannot be read', async () => {
    await start(100, ['a']);
    const failure = new NatsReadError('timeout', 'slow');
    engine.stream.streamFacts = () => Promise.reject(failure);
    await expect(plan('2')).rejects.toBe(failure);
    expect(await plan('0')).toMatchObject({ recovery: 'resumed' });
  });

  it('waits for a stream that cannot be read for a moment, and repeats no messages', async () => {
    await start(2, ['a', 'a', 'a', 'a']);
    const streamFacts = engine.stream.streamFacts.bind(engine.stream);
    let reads = 0;
    engine.stream.streamFacts = (name) =>
      ++reads <= 3
        ? Promise.reject(new NatsReadError('no_jetstream', 'no leader'))
        : streamFacts(name);
    const plans = await Promise.all(Array.from({ length: 100 }, () => plan('1')));
    expect(plans.every(({ recovery, after }) => recovery === 'resumed' && after === 1)).toBe(true);
  });

  it.each([
    ['fails', () => Promise.reject(new NatsReadError('timeout', 'slow'))],
    ['does not answer', () => new Promise<never>(() => undefined)],
  ])('rejects after a second if the stream %s', async (_, read) => {
    await start(2, ['a', 'a', 'a', 'a']);
    engine.stream.streamFacts = read;
    const asked = performance.now();
    const plans = await Promise.allSettled([plan('1'), plan('9')]);
    expect(plans.every(({ status }) => status === 'rejected')).toBe(true);
    const tookMs = performance.now() - asked;
    expect(tookMs).toBeGreaterThan(900);
    expect(tookMs).toBeLessThan(3000);
  });

  it('reads the stream before it treats a cursor as one of another stream', async () => {
    await start(100, ['a', 'a', 'a']);
    const stored = await engine.stream.messageAt('EVENTS', 2);
    engine.stream.messageAt = () => Promise.resolve({ ...stored, timeNanos: 7n } as never);
    expect(await plan('2-7')).toMatchObject({ recovery: 'resumed', after: 2 });
    expect(await plan('2-8')).toMatchObject({ reason: 'cursor from another stream' });
    engine.stream.messageAt = () => Promise.resolve(undefined);
    expect(await plan('2-8')).toMatchObject({ reason: 'cursor from another stream' });
  });

  it('reads no message for a cursor before the first one', async () => {
    await start(100, ['a']);
    const lookups = jest.spyOn(engine.stream, 'messageAt');
    expect(await plan('0-7')).toMatchObject({ recovery: 'resumed', after: 0 });
    expect(lookups).not.toHaveBeenCalled();
  });

  it('compares stored times with the present by default', async () => {
    await start(100, ['a', 'a', 'a']);
    const planner = new SessionPlanner(engine.log, { eventId: 'sequence', replayWindowMs: 1000 });
    expect(await planner.plan(new SubjectSet('', ['a']), parseCursor('1'))).toMatchObject({
      reason: 'sequence outside replay window',
    });
  });

  it('falls back from the first retained message on if the cursor is below retention', async () => {
    await start(100, ['a', 'a', 'a', 'a']);
    engine.stream.remove(({ sequence }) => sequence < 3);
    expect(await plan('1')).toMatchObject({ reason: 'sequence below retention', after: 2 });
    expect(await plan('2')).toMatchObject({ recovery: 'resumed', after: 2 });
  });

  it('detects a cursor of another stream by its time', async () => {
    await start(100, ['a', 'a']);
    expect(await plan('1-1767268801000000000')).toMatchObject({ recovery: 'resumed' });
    expect(await plan('1-1767268801000000001')).toMatchObject({
      reason: 'cursor from another stream',
      id: '1-1767268801000000001',
    });
  });

  it('is refused while the stream is being replaced, and before its first read', async () => {
    await start(2, ['a', 'a', 'a']);
    const { stream } = engine;
    const read = stream.streamFacts.bind(stream);
    stream.streamFacts = async (name) => ({ ...(await read(name)), created: 'later' });
    await expect(plan('1')).rejects.toMatchObject({ kind: 'jetstream_unavailable' });
    jest.spyOn(engine.log, 'facts', 'get').mockReturnValue(undefined);
    await expect(plan('1')).rejects.toMatchObject({ kind: 'jetstream_unavailable' });
  });

  it('does not wait a second while NATS is disconnected', async () => {
    await start(1, ['a', 'a', 'a']);
    let reads = 0;
    engine.stream.streamFacts = () => {
      reads++;
      engine.stream.status$.next('disconnected');
      return Promise.reject(new NatsReadError('disconnected', 'away'));
    };
    await expect(plan('1')).rejects.toMatchObject({ kind: 'disconnected' });
    expect(reads).toBe(1);
  });

  it('reports a stream that does not answer as late', async () => {
    await start(1, ['a', 'a', 'a']);
    engine.stream.streamFacts = () => new Promise(() => undefined);
    await expect(plan('1')).rejects.toMatchObject({
      kind: 'timeout',
      message: 'the stream could not be read in time',
    });
  });

  it('contains the last sequence of the stream that it read, and where history ends', async () => {
    await start(100, ['a', 'b', 'a']);
    const resumed = await plan('1');
    expect(resumed).toMatchObject({ streamEnd: 3, historyThrough: 3 });
    // The newest position needs no read.
    expect((await plan('3')).streamEnd).toBeUndefined();
  });

  it('contains the end of a page that starts now', async () => {
    await start(100, ['a', 'b', 'a']);
    const planner = new SessionPlanner(engine.log, { eventId: 'sequence' });
    const reads = engine.stream.factsRead;
    expect(await planner.endOf({ streamEnd: 9 })).toBe(9);
    expect(engine.stream.factsRead).toBe(reads);
    engine.stream.store('a');
    expect(await planner.endOf({ streamEnd: undefined })).toBe(4);
    expect(engine.stream.factsRead).toBe(reads + 1);
    engine.stream.streamFacts = () => Promise.reject(new NatsReadError('timeout', 'slow'));
    expect(await planner.endOf({ streamEnd: undefined })).toBe(4);
  });

  it('waits with the end of a page until memory has all messages before it', async () => {
    await start(100, ['a']);
    let reached: () => void = () => undefined;
    const reaching = new Promise<void>((resolve) => (reached = resolve));
    const reach = jest.spyOn(engine.log, 'reach').mockReturnValue(reaching);
    let isOver = false;
    const end = new SessionPlanner(engine.log, { eventId: 'sequence' })
      .endOf({ streamEnd: 1 })
      .finally(() => (isOver = true));
    await settle();
    expect([reach.mock.calls.length, isOver]).toEqual([1, false]);
    reached();
    expect(await end).toBe(1);
  });

  it('reads the stream to find out whether it stores a subject', async () => {
    await start(100, ['a']);
    engine.stream.subjects = ['a'];
    await engine.log.freshFacts();
    const planner = new SessionPlanner(engine.log, { eventId: 'sequence' });
    expect([await planner.stores('a'), await planner.stores('b')]).toEqual([true, false]);
    engine.stream.subjects = ['a', 'b'];
    expect(await planner.stores('b')).toBe(true);
  });

  it('compares a time with that of a message that memory no longer holds', async () => {
    await start(1, ['a', 'a', 'a', 'a']);
    const timeOf = async (sequence: number) =>
      (await engine.stream.messageAt('EVENTS', sequence))?.timeNanos ?? 0n;
    const time = await timeOf(2);
    expect(await plan(`2-${time}`)).toMatchObject({ recovery: 'resumed', after: 2 });
    expect(await plan(`2-${time + 1n}`)).toMatchObject({ reason: 'cursor from another stream' });
    // A cached time needs no read.
    const asked = jest.spyOn(engine.stream, 'messageAt');
    jest.spyOn(engine.log, 'knownTime').mockReturnValueOnce(time);
    expect(await plan(`2-${time}`)).toMatchObject({ recovery: 'resumed' });
    expect(asked).not.toHaveBeenCalled();
    const held = await timeOf(4);
    asked.mockClear();
    expect(await plan(`4-${held}`)).toMatchObject({ recovery: 'resumed' });
    expect(asked).not.toHaveBeenCalled();
    // The time of a deleted message, and of position 0, is unknown.
    engine.stream.remove(({ sequence }) => sequence === 2);
    expect(await plan(`2-${time + 1n}`)).toMatchObject({ recovery: 'resumed' });
    expect(await plan('0-5')).toMatchObject({ recovery: 'resumed', after: 0 });
  });

  describe('with a replay window of 10 s', () => {
    const options = { replayWindowMs: 10_000 };
    const at = (second: number): number => FIRST_STORED_MS + second * 1000;

    it.each([100, 2])('limits history from memory or from JetStream (window %i)', async (size) => {
      await start(
        size,
        Array.from({ length: 30 }, () => 'a'),
      );
      expect(await plan('22', options, at(30))).toMatchObject({ recovery: 'resumed', after: 22 });
      expect(await plan('5', options, at(30))).toMatchObject({
        reason: 'sequence outside replay window',
        notBeforeNanos: BigInt(at(20)) * 1_000_000n,
      });
    });

    it('reads the stream for an old cursor in memory only if messages were deleted', async () => {
      await start(
        100,
        Array.from({ length: 30 }, () => 'a'),
      );
      const asked = jest.spyOn(engine.stream, 'nextMessage');
      expect(await plan('5', options, at(30))).toMatchObject({ recovery: 'fallback' });
      expect(asked).not.toHaveBeenCalled();
      engine.stream.remove(({ sequence }) => sequence === 3);
      expect(await plan('5', options, at(30))).toMatchObject({ recovery: 'fallback' });
      expect(asked).toHaveBeenCalled();
    });

    it('falls back if one of several topics has an old message, without needless reads', async () => {
      await start(1, [...['a', 'b'], ...Array.from({ length: 20 }, () => 'c'), ...['a', 'b', 'c']]);
      expect(await plan('1', options, at(24), ['a'])).toMatchObject({ recovery: 'resumed' });
      expect(await plan('1', options, at(24), ['a', 'b'])).toMatchObject({ recovery: 'fallback' });
      const asked = jest.spyOn(engine.stream, 'nextMessage');
      expect(await plan('20', options, at(24), ['a', 'b'])).toMatchObject({ recovery: 'resumed' });
      // The next message of the whole stream is young enough.
      expect(asked.mock.calls.map(([, , subject]) => subject)).toEqual(['>']);
    });

    it.each([100, 2])(
      'never falls back for a client that is caught up (window %i)',
      async (size) => {
        await start(size, ['a', 'b', 'b', 'b', 'b', 'b']);
        expect(await plan('1', options, at(500))).toMatchObject({ recovery: 'resumed' });
      },
    );

    it.each([100, 1])(
      'uses the time of the next message for a deleted resume point (window %i)',
      async (size) => {
        await start(
          size,
          Array.from({ length: 30 }, () => 'a'),
        );
        engine.stream.remove(({ sequence }) => sequence > 5 && sequence < 25);
        expect(await plan('24', options, at(30))).toMatchObject({ recovery: 'resumed' });
        // The read of the stream info has updated the window meanwhile: it starts at the cursor.
        const after = size === 1 ? 24 : 6;
        expect(await plan('6', options, at(30))).toMatchObject({ recovery: 'resumed', after });
        expect(engine.log.messages.through(24)).toEqual(
          engine.log.messages.through(24).filter(({ sequence }) => sequence <= 5),
        );
        expect(await plan('4', options, at(30))).toMatchObject({ recovery: 'fallback' });
      },
    );

    it.each([100, 1])('uses the times of messages of its own topics (window %i)', async (size) => {
      await start(size, ['a', ...Array.from({ length: 30 }, (_, i) => (i > 25 ? 'a' : 'b'))]);
      expect(await plan('1', options, at(40))).toMatchObject({ recovery: 'fallback' });
      engine.stream.remove(({ sequence }) => sequence === 28 || sequence === 29);
      await engine.log.freshFacts();
      const after = size === 1 ? 29 : 1;
      expect(await plan('1', options, at(40))).toMatchObject({ recovery: 'resumed', after });
      // An empty answer for another topic proves nothing: it may come from a lagging replica.
      expect(await plan('1', options, at(40), ['a', 'c'])).toMatchObject({
        recovery: 'resumed',
        after: 1,
      });
    });
  });
});

describe('holdsSubjectOutsideStream', () => {
  it('reads the stream before it refuses a topic', async () => {
    const engine = new FedEngine(10);
    engine.stream.subjects = ['a', 'b.*'];
    await engine.start();
    const isForeign = (topic: string): Promise<boolean> =>
      new SessionPlanner(engine.log, { eventId: 'sequence' }).holdsSubjectOutsideStream(
        new SubjectSet('', [topic]),
      );
    expect(await isForeign('b.x')).toBe(false);
    expect(await isForeign('c')).toBe(true);
    engine.stream.subjects = ['a', 'b.*', 'c'];
    expect(await isForeign('c')).toBe(false);
    await settle();
    engine.stop();
  });
});
