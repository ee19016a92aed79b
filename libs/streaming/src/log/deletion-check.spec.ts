import { NatsReadError } from '@nuts/nats';
import { settle } from '../session/feed.fixture.js';
import { MemoryStream } from './memory-stream.fixture.js';
import { StreamLog } from './stream-log.js';
import { SubjectSet } from './subject-set.js';

describe('a check for deleted messages', () => {
  let stream: MemoryStream;
  let log: StreamLog;
  const a = new SubjectSet('', ['a']);
  const held = (): number[] => log.messages.after(a, 0, 100).map(({ sequence }) => sequence);
  const pass = async (ms: number): Promise<void> => {
    await jest.advanceTimersByTimeAsync(ms);
    await settle();
  };

  beforeEach(async () => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'],
    });
    stream = new MemoryStream();
    log = new StreamLog(stream, {
      stream: 'EVENTS',
      topicPrefix: '',
      window: { maxMessages: 100, maxBytes: 1e6 },
      idleHeartbeatMs: 10_000,
    });
    log.start();
    await settle();
    for (let i = 0; i < 9; i++) stream.store('a');
    await pass(2500);
  });
  afterEach(() => {
    log.stop();
    jest.useRealTimers();
  });

  it('takes them out, and the rest is served from memory as before', async () => {
    stream.remove(({ sequence }) => sequence === 5);
    await pass(2500);
    expect(held()).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
    expect([log.messages.covers(a, 0), stream.open]).toEqual([true, 0]);
  });

  it('reads nothing while nothing is deleted, or only the oldest is', async () => {
    stream.store('a');
    stream.remove(({ sequence }) => sequence <= 3);
    await pass(10_000);
    expect([stream.opened, held()[0]]).toEqual([0, 4]);
  });

  it('reads one by one where the stream takes no consumer', async () => {
    stream.refuseConsumers = new NatsReadError('consumer_limit', 'full');
    stream.remove(({ sequence }) => sequence === 5);
    await pass(2500);
    expect(held()).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
  });

  it('trusts memory no more when it cannot read in time: JetStream is asked', async () => {
    stream.refuseConsumers = new NatsReadError('refused', 'not allowed');
    stream.remove(({ sequence }) => sequence === 5);
    await pass(6500);
    expect([held(), log.messages.covers(a, 3), log.messages.covers(a, 9)]).toEqual([
      [],
      false,
      true,
    ]);
  });

  it('finds what it thought gone, and sends whoever wants it to JetStream', async () => {
    log.messages.remove(log.messages.at(4) as NonNullable<ReturnType<typeof log.messages.at>>);
    stream.remove(({ sequence }) => sequence === 7);
    await pass(2500);
    expect([log.messages.covers(a, 3), log.messages.covers(a, 4)]).toEqual([false, true]);
  });

  it('tells who keeps more of the stream in memory', async () => {
    const gone: number[] = [];
    log.gone$.subscribe((entries) => gone.push(...entries.map(({ sequence }) => sequence)));
    stream.remove(({ sequence }) => sequence % 4 === 0);
    await pass(2500);
    expect(gone).toEqual([4, 8]);
  });

  it('says nothing about another stream, when it ends after that one began', async () => {
    const openPull = stream.openPull.bind(stream);
    let answer: (() => void) | undefined;
    stream.openPull = async (options) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return openPull(options);
    };
    stream.remove(({ sequence }) => sequence === 5);
    await pass(2500);
    expect(answer).toBeDefined();
    stream.recreate();
    for (let i = 0; i < 9; i++) stream.store('a');
    await pass(500);
    expect(held()).toHaveLength(9);
    stream.openPull = openPull;
    answer?.();
    await pass(0);
    // As many messages as were removed from the old stream.
    stream.remove(({ sequence }) => sequence === 7);
    await pass(2500);
    expect(held()).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
  });
});
