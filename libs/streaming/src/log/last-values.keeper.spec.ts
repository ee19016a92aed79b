import { NatsReadError } from '@nuts/nats';
import { StubLog } from './keeper.fixture.js';
import { LastValuesKeeper } from './last-values.keeper.js';
import { LastValues } from './last-values.js';
import { LogEntry } from './log-entry.js';
import { MemoryStream } from './memory-stream.fixture.js';

describe('keeping the last values', () => {
  let stream: MemoryStream;
  let log: StubLog;
  let values: LastValues;
  let gone: number[];
  let keeper: LastValuesKeeper;
  const create = (bounds = { maxMessages: 100, maxBytes: 1e6 }): void => {
    gone = [];
    values = new LastValues(bounds, (entries) =>
      gone.push(...entries.map(({ sequence }) => sequence)),
    );
    keeper = new LastValuesKeeper(stream, { stream: 'EVENTS', filter: 's.>' }, log, values);
  };
  const held = (): string[] =>
    [...values.entries()].map(({ sequence, subject }) => `${String(sequence)} ${subject}`);
  const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const begin = async (): Promise<void> => {
    keeper.begin();
    await pass();
  };

  beforeEach(() => {
    jest.useFakeTimers();
    stream = new MemoryStream();
    for (const one of ['s.a', 's.b', 'other', 's.a', 's.c', 's.d']) stream.store(one, `of ${one}`);
    log = new StubLog(stream);
    log.read(4);
    create();
  });
  afterEach(() => {
    expect([stream.open, log.gone$.observed]).toEqual([0, false]);
    jest.useRealTimers();
  });

  it('reads what the window does not hold, once', async () => {
    keeper.begin();
    expect([keeper.firstRead, values.isComplete]).toEqual([expect.any(Promise), false]);
    await pass();
    expect([keeper.firstRead, values.isComplete, held()]).toEqual([
      undefined,
      true,
      ['2 s.b', '4 s.a'],
    ]);
    const { message } = values.get('s.b') as LogEntry;
    expect(Buffer.from(message.data).toString()).toBe('of s.b');
    expect(message.data.buffer.byteLength).toBe(6);
    keeper.tend();
    await pass(60_000);
    keeper.tend();
    expect([stream.opened, keeper.firstRead]).toEqual([1, undefined]);
  });

  it('reads nothing where they are off', async () => {
    create({ maxMessages: 0, maxBytes: 1e6 });
    await begin();
    keeper.tend();
    await keeper.check();
    expect([stream.opened, keeper.firstRead]).toEqual([0, undefined]);
  });

  it('reads uncertain subjects one by one, and all where there are many', async () => {
    await begin();
    values.markUncertain('s.b');
    const filters: (readonly string[])[] = [];
    const openPull = stream.openPull.bind(stream);
    stream.openPull = (options) => (filters.push(options.filters), openPull(options));
    stream.remove(({ sequence }) => sequence === 2);
    keeper.tend();
    keeper.tend();
    await pass();
    expect([filters, values.uncertainSubjects.size]).toEqual([[['s.b']], 0]);
    for (let i = 0; i < 32; i++) values.markUncertain(`s.${String(i)}`);
    keeper.tend();
    await pass();
    values.markUncertain('s.b');
    for (let i = 0; i < 32; i++) values.markUncertain(`s.${String(i)}`);
    keeper.tend();
    await pass();
    expect(filters.slice(1).map(({ length }) => length)).toEqual([32, 1]);
    expect(filters[2]).toEqual(['s.>']);
    expect(values.isComplete).toBe(true);
  });

  it('waits two seconds after a failure', async () => {
    stream.refuseConsumers = new NatsReadError('consumer_limit', 'full');
    await begin();
    expect([keeper.firstRead, values.isComplete]).toEqual([undefined, false]);
    stream.refuseConsumers = undefined;
    await pass(1999);
    keeper.tend();
    await pass(1);
    expect(stream.opened).toBe(0);
    keeper.tend();
    expect(keeper.firstRead).toBeUndefined();
    await pass();
    expect(values.isComplete).toBe(true);
    // A subject remains uncertain where the read of it fails.
    values.markUncertain('s.b');
    stream.refuseConsumers = new NatsReadError('consumer_limit', 'full');
    keeper.tend();
    await pass();
    expect([...values.uncertainSubjects]).toEqual(['s.b']);
  });

  it.each([
    ['messages', { maxMessages: 1, maxBytes: 1e6 }],
    ['bytes', { maxMessages: 100, maxBytes: 11 }],
  ])('waits a minute where there are too many %s', async (_what, bounds) => {
    create(bounds);
    await begin();
    expect([values.isOverflown, held()]).toEqual([true, []]);
    await pass(59_999);
    keeper.tend();
    await pass();
    expect(stream.opened).toBe(1);
    await pass(1);
    keeper.tend();
    await pass();
    expect(stream.opened).toBe(2);
  });

  it('forgets its pauses and its read with the stream', async () => {
    stream.refuseConsumers = new NatsReadError('consumer_limit', 'full');
    await begin();
    stream.refuseConsumers = undefined;
    await begin();
    expect(values.isComplete).toBe(true);
    // The read of an old stream ends after the next one began.
    const openPull = stream.openPull.bind(stream);
    let answer: (() => void) | undefined;
    stream.openPull = async (options) => {
      await new Promise<void>((resolve) => (answer = resolve));
      return openPull(options);
    };
    keeper.begin();
    await pass();
    log.read(5);
    stream.openPull = openPull;
    stream.streamFacts = () => new Promise(() => undefined);
    keeper.begin();
    const { firstRead } = keeper;
    answer?.();
    await pass();
    expect([keeper.firstRead, values.isComplete]).toEqual([firstRead, false]);
    stream.open = 0;
    log.gone$.complete();
  });

  it('waits for the tail before it stores anything, and gives up in the end', async () => {
    log.at = 5;
    log.onReach = () => (log.at = log.waits < 3 ? 5 : 6);
    await begin();
    expect([values.isComplete, log.waits, held()]).toEqual([true, 3, ['2 s.b', '4 s.a']]);
    log.at = 5;
    log.waits = 0;
    log.onReach = () => undefined;
    await begin();
    expect([values.isComplete, log.waits, held()]).toEqual([false, 20, []]);
  });

  it('does not store what left memory during the read', async () => {
    const openPull = stream.openPull.bind(stream);
    stream.openPull = async (options) => {
      const [, b] = stream.held;
      if (b !== undefined) log.gone$.next([new LogEntry(b)]);
      return openPull(options);
    };
    await begin();
    expect([held(), [...values.uncertainSubjects]]).toEqual([['4 s.a'], ['s.b']]);
  });

  it('does not store what the window evicts during the read, but reads it again', async () => {
    // Evicted once the read had passed it.
    log.at = 5;
    log.onReach = () => {
      log.at = 6;
      log.window.forgetAll(6);
    };
    await begin();
    expect([held(), [...values.uncertainSubjects]]).toEqual([
      ['2 s.b', '4 s.a'],
      ['s.c', 's.d'],
    ]);
    keeper.tend();
    await pass();
    expect(held()).toEqual(['2 s.b', '4 s.a', '5 s.c', '6 s.d']);
  });
});
