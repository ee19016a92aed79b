import { NatsReadError, type StreamFacts } from '@nuts/nats';
import { LogRefresh, type RefreshedLog } from './log-refresh.js';

describe('the refresh of a log', () => {
  let parts: {
    client: { status: string };
    tail: { alive: boolean; position: { sequence: number }; verifyStream: jest.Mock };
    newest: { isBehind: boolean; current: { sequence: number }; prove: jest.Mock };
    keeper: { isCurrent: jest.Mock; refresh: jest.Mock };
    memory: { tend: jest.Mock };
    generation: () => number;
  };
  let generation: number;
  let refresh: LogRefresh;
  const facts = (lastSequence: number): StreamFacts => ({ lastSequence }) as StreamFacts;
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const reads = (): number => parts.keeper.refresh.mock.calls.length;

  beforeEach(() => {
    jest.useFakeTimers();
    generation = 1;
    parts = {
      client: { status: 'connected' },
      tail: { alive: true, position: { sequence: 5 }, verifyStream: jest.fn() },
      newest: {
        isBehind: false,
        current: { sequence: 5 },
        prove: jest.fn(() => Promise.resolve()),
      },
      keeper: {
        isCurrent: jest.fn(() => true),
        refresh: jest.fn(() => Promise.resolve(facts(7))),
      },
      memory: { tend: jest.fn() },
      generation: () => generation,
    };
    refresh = new LogRefresh(parts as unknown as RefreshedLog);
  });
  afterEach(() => jest.useRealTimers());

  it('comes every 0.7 seconds while nothing is delivered, and every 2 under traffic', async () => {
    const running = refresh.start();
    await pass(0);
    expect(reads()).toBe(1);
    for (let i = 0; i < 6; i++) {
      parts.tail.position.sequence++;
      await pass(700);
    }
    expect(reads()).toBe(1 + 2);
    await pass(1400);
    expect(reads()).toBe(3 + 2);
    running.unsubscribe();
    await pass(5000);
    expect(reads()).toBe(5);
  });

  it('is one at a time, and waits while NATS is away', async () => {
    parts.keeper.refresh.mockReturnValueOnce(new Promise(() => undefined));
    const running = refresh.start();
    await pass(5000);
    expect(reads()).toBe(1);
    running.unsubscribe();
    parts.client.status = 'disconnected';
    await refresh.refresh();
    expect([reads(), parts.memory.tend.mock.calls.length]).toEqual([1, 1]);
  });

  it('proves the position by stream info of the same store', async () => {
    await refresh.refresh();
    expect(parts.newest.prove).toHaveBeenCalledWith(facts(7));
    parts.tail.alive = false;
    await refresh.refresh();
    await refresh.prove(facts(7));
    parts.tail.alive = true;
    parts.keeper.isCurrent.mockReturnValue(false);
    await refresh.prove(facts(7));
    expect(parts.newest.prove).toHaveBeenCalledTimes(1);
    expect(parts.tail.verifyStream).not.toHaveBeenCalled();
  });

  it('does not judge a tail that has lost its consumer', async () => {
    parts.newest.isBehind = true;
    parts.tail.alive = false;
    await refresh.refresh();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('has the tail verify a stream that is another one, or ends before the position', async () => {
    parts.keeper.refresh.mockResolvedValue(facts(5));
    await refresh.refresh();
    expect(parts.tail.verifyStream).toHaveBeenCalledTimes(0);
    parts.keeper.refresh.mockResolvedValue(facts(4));
    await refresh.refresh();
    expect(parts.tail.verifyStream).toHaveBeenCalledTimes(1);
    parts.keeper.refresh.mockResolvedValue(facts(7));
    parts.keeper.isCurrent.mockReturnValue(false);
    await refresh.refresh();
    expect(parts.tail.verifyStream).toHaveBeenCalledTimes(2);
    expect(parts.newest.prove).toHaveBeenCalledTimes(1);
  });

  it('compares with the position before the request: a message meanwhile is no rewind', async () => {
    parts.keeper.refresh.mockImplementation(() => {
      parts.newest.current = { sequence: 9 };
      return Promise.resolve(facts(7));
    });
    await refresh.refresh();
    expect(parts.tail.verifyStream).not.toHaveBeenCalled();
  });

  it('says nothing about a stream that was replaced meanwhile, or could not be read', async () => {
    parts.keeper.refresh.mockImplementation(() => Promise.resolve(facts(generation++)));
    await refresh.refresh();
    parts.keeper.refresh.mockRejectedValue(new NatsReadError('timeout', 'no answer'));
    await refresh.refresh();
    expect(parts.newest.prove).not.toHaveBeenCalled();
    expect(parts.tail.verifyStream).not.toHaveBeenCalled();
  });

  it('replaces a tail that does not deliver what the stream holds, until it is stopped', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    parts.newest.isBehind = true;
    await refresh.refresh();
    await pass(400);
    await turn();
    expect(parts.tail.verifyStream).toHaveBeenCalledTimes(1);
    const running = refresh.start();
    await pass(700);
    expect(jest.getTimerCount()).toBe(2);
    running.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });
});
