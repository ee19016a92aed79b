import { NatsReadError, type FollowOptions } from '@nuts/nats';
import { throwError, type Subscription } from 'rxjs';
import { MemoryStream } from './memory-stream.fixture.js';
import { ToldTail } from './tail.fixture.js';
import { Tail } from './tail.js';

let stream: MemoryStream;
let listener: ToldTail;
let tail: Tail;
let running: Subscription;
let followed: (FollowOptions & { readonly at: number })[];
let startedAt: number;

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const start = async (): Promise<void> => {
  startedAt = performance.now();
  running = tail.run().subscribe();
  await pass(0);
};
const store = (count: number): void => {
  for (let i = 0; i < count; i++) stream.store('a.x');
};
/** When consumers were created, in ms after this time. */
const attempts = (since = startedAt): number[] => followed.map(({ at }) => at - since);

beforeEach(() => {
  jest.useFakeTimers();
  stream = new MemoryStream();
  listener = new ToldTail();
  followed = [];
  const follow = stream.follow.bind(stream);
  stream.follow = (options) => {
    followed.push({ ...options, at: performance.now() });
    return follow(options);
  };
  const options = { stream: 'EVENTS', filter: 'a.>', windowMaxMessages: 10, idleHeartbeatMs: 1000 };
  tail = new Tail(stream, options, listener);
});
afterEach(() => {
  running.unsubscribe();
  expect(stream.status$.observed).toBe(false);
  jest.useRealTimers();
});

describe('the consumer of a tail', () => {
  it('reads the filter from the start of the window, and is deleted soon without its reader', async () => {
    store(3);
    await start();
    const [options] = followed;
    expect(options).toMatchObject({
      stream: 'EVENTS',
      filters: ['a.>'],
      start: { sequence: 1 },
      idleHeartbeatMs: 1000,
      inactiveThresholdMs: 30_000,
    });
    expect(listener.told).toEqual(['begin 1 of 3', '1', '2', '3']);
    expect(tail.position.sequence).toBe(3);
  });

  it('stays within the limit of the server', async () => {
    stream.limits = { maxInactiveThresholdMs: 5000 };
    await start();
    stream.limits = { maxInactiveThresholdMs: 50_000 };
    stream.loseTail();
    await pass(500);
    expect(followed.map((each) => each.inactiveThresholdMs)).toEqual([5000, 30_000]);
  });

  it('starts at the last message when it is created again, else after what came before the window', async () => {
    for (let i = 0; i < 20; i++) stream.store('other');
    await start();
    stream.loseTail();
    await pass(500);
    store(1);
    stream.loseTail();
    await pass(500);
    expect(followed.map((each) => each.start)).toEqual([
      { sequence: 11 },
      { sequence: 11 },
      { sequence: 21 },
    ]);
    expect(listener.told.filter((one) => one !== 'lost')).toEqual(['begin 11 of 20', '21']);
  });

  it('is alive for two heartbeats after it was heard of', async () => {
    expect([tail.alive, tail.hasBegun]).toEqual([false, false]);
    await start();
    expect([tail.alive, tail.hasBegun]).toEqual([true, true]);
    await pass(2000);
    expect(tail.alive).toBe(true);
    await pass(1);
    expect([tail.alive, tail.hasBegun]).toEqual([false, true]);
    followed[0]?.onAlive?.();
    expect(tail.alive).toBe(true);
  });
});

describe('a tail that lost its consumer', () => {
  it('attaches again at once after one that lasted, else after a pause', async () => {
    await start();
    await pass(999);
    stream.loseTail();
    await pass(400);
    expect(attempts()).toEqual([0, 999 + 200]);
    await pass(1000);
    const lostAt = performance.now();
    stream.loseTail();
    await pass(0);
    expect(attempts(lostAt).at(-1)).toBe(0);
    expect(listener.errors.map(({ kind }) => kind)).toEqual(['consumer_lost', 'consumer_lost']);
  });

  it('waits longer after each failure, at most two seconds, until it succeeds', async () => {
    const failure = new NatsReadError('refused', 'not allowed');
    const follow = stream.follow.bind(stream);
    stream.follow = (options) => {
      followed.push({ ...options, at: performance.now() });
      return throwError(() => failure);
    };
    await start();
    expect([tail.alive, tail.hasBegun]).toEqual([false, true]);
    await pass(11_000);
    expect(attempts()).toEqual([0, 200, 600, 1400, 3000, 5000, 7000, 9000, 11_000]);
    expect(listener.errors.every((error) => error === failure)).toBe(true);
    stream.follow = follow;
    await pass(2000);
    expect(tail.alive).toBe(true);
    stream.loseTail();
    const since = performance.now();
    await pass(200);
    expect(attempts(since).at(-1)).toBe(200);
  });

  it('attaches earlier for a client that waits, but not below the shortest pause', async () => {
    const facts = stream.streamFacts.bind(stream);
    stream.streamFacts = () => Promise.reject(new Error('no answer'));
    await start();
    await pass(600 + 800);
    let reads = 0;
    stream.streamFacts = (name) => (reads++, facts(name));
    // Too early, and not remembered.
    tail.shortenPause();
    await pass(99);
    tail.shortenPause();
    await pass(1);
    expect(reads).toBe(0);
    await pass(50);
    tail.shortenPause();
    await pass(0);
    expect(reads).toBe(1);
    expect(listener.errors[0]).toMatchObject({ kind: 'refused', message: 'no answer' });
    expect(listener.errors[0]?.cause).toBeInstanceOf(Error);
  });

  it('reports anything that is thrown', async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what is tested
    stream.streamFacts = () => Promise.reject('a text');
    await start();
    expect(listener.errors[0]).toMatchObject({
      kind: 'refused',
      message: 'a text',
      cause: 'a text',
    });
  });

  it('reads nothing once it was stopped, and goes on where it was', async () => {
    await start();
    store(2);
    running.unsubscribe();
    store(1);
    expect(listener.told.at(-1)).toBe('2');
    await start();
    expect(listener.told).toEqual(['begin 1 of 0', '1', '2', '3']);
  });
});
