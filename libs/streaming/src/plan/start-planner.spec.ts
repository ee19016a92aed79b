import { SubjectSet } from '../log/subject-set.js';
import { FedEngine } from '../session/feed.fixture.js';
import type { Plan } from './plan.js';
import { SessionPlanner } from './session-planner.js';
import type { PlannerOptions } from './start-planner.js';

/** `MemoryStream` stores one message per second from this time on. */
const FIRST_STORED_MS = 1_767_268_800_000;
const NANOS_PER_SECOND = 1_000_000_000n;
const at = (second: number): bigint =>
  BigInt(FIRST_STORED_MS) * 1_000_000n + BigInt(second) * NANOS_PER_SECOND;

describe('a start at a time', () => {
  let engine: FedEngine;
  afterEach(() => engine.stop());

  const start = async (windowMessages: number, stored: number): Promise<void> => {
    engine = new FedEngine(windowMessages);
    for (let i = 0; i < stored; i++) engine.stream.store(i % 2 === 0 ? 'a' : 'b');
    await engine.start();
  };
  const plan = (nanos: bigint, options: Partial<PlannerOptions> = {}): Promise<Plan> =>
    new SessionPlanner(
      engine.log,
      { eventId: 'sequence', ...options },
      () => FIRST_STORED_MS + 1e9,
    ).plan(new SubjectSet('', ['a']), undefined, { from: 'time', nanos });

  it.each([
    [0, 0],
    [1, 0],
    [7, 6],
    [20, 19],
    [21, 20],
    [500, 20],
  ])(
    'at second %i starts after %i, which is the ID: from memory or from JetStream',
    async (second, after) => {
      for (const windowMessages of [100, 6, 1]) {
        await start(windowMessages, 20);
        const planned = await plan(at(second));
        expect(planned).toMatchObject({
          recovery: 'started',
          start: 'time',
          after,
          id: String(after),
        });
        expect(planned.notBeforeNanos).toBeUndefined();
        engine.stop();
      }
    },
  );

  it('starts within replay_window', async () => {
    await start(100, 20);
    const options = { replayWindowMs: 1e9 - 15_000 };
    expect(await plan(at(3), options)).toMatchObject({ after: 14, id: '14' });
    expect(await plan(at(18), options)).toMatchObject({ after: 17, id: '17' });
  });

  it('of an empty stream starts at 0', async () => {
    await start(100, 0);
    expect(await plan(at(3))).toMatchObject({ recovery: 'started', after: 0, id: '0' });
  });

  it('rejects if the stream has to be read and cannot be', async () => {
    await start(2, 20);
    engine.stream.nextMessage = () => Promise.reject(new Error('away'));
    await expect(plan(at(3))).rejects.toThrow('away');
    expect(await plan(at(20))).toMatchObject({ after: 19 });
  });
});
