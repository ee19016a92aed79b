import { until } from '../../../../test/support/until.js';
import { connect } from '../connect.js';
import { FakeHub } from '../fake-hub.fixture.js';
import type { ConnectOptions } from './hub-options.interface.js';
import type { Hub } from './hub.js';
import type { HubState } from './hub-state.js';

let server: FakeHub;
let hub: Hub;
let states: HubState[];
beforeEach(async () => {
  server = await FakeHub.start();
});
afterEach(async () => {
  hub.close();
  await server.stop();
});

function open(options: ConnectOptions = {}): Hub {
  hub = connect(server.url, options);
  states = [];
  hub.on('state', (state) => states.push(state));
  return hub;
}

/** Payloads of a subscription in order of arrival. */
function collect(topics: string | string[], start?: string): unknown[] {
  const seen: unknown[] = [];
  hub
    .subscribe(topics, start === undefined ? {} : { start })
    .on('message', ({ payload }) => seen.push(payload));
  return seen;
}

/** The same, once the history is complete. */
async function collectLive(topics: string | string[], start?: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  const subscription = hub.subscribe(topics, start === undefined ? {} : { start });
  subscription.on('message', ({ payload }) => seen.push(payload));
  await new Promise((resolve) => subscription.on('live', resolve));
  return seen;
}

const isOpen = (): Promise<boolean> => until(() => hub.state.name === 'open' && server.open === 1);
const last = (of: unknown[], value: unknown): Promise<boolean> => until(() => of.at(-1) === value);
const names = (): string[] => states.map(({ name }) => name);
const queries = (): (string | null)[] =>
  server.requests.map(({ url }) => new URL(url ?? '', server.url).searchParams.get('last-id'));

describe('a subscription', () => {
  it('is read by a loop, and closes the connection when the loop ends', async () => {
    open();
    const found: string[] = [];
    const publishing = isOpen().then(() => [1, 2, 3].map((n) => server.publish('a', n)));
    for await (const { topic, payload, id, time } of hub.subscribe<number>(['a'])) {
      found.push(`${topic} ${payload} ${id} ${time}`);
      if (payload === 3) break;
    }
    await publishing;
    const TIME = '2026-01-01T00:00:00.000000001Z';
    expect(found).toEqual([`a 1 1 ${TIME}`, `a 2 2 ${TIME}`, `a 3 3 ${TIME}`]);
    await until(() => server.open === 0);
    expect(names()).toEqual(['connecting', 'open', 'closed']);
  });

  it('buffers messages until they are read', async () => {
    const subscription = open().subscribe('a');
    await isOpen();
    server.publish('a', 1);
    await until(() => hub.state.name === 'open');
    server.publish('a', 2);
    const loop = subscription[Symbol.asyncIterator]();
    expect((await loop.next()).value?.payload).toBe(1);
    expect((await loop.next()).value?.payload).toBe(2);
  });

  it('ends with its signal and does not affect other subscriptions', async () => {
    open();
    const ending = new AbortController();
    const others = collect('a');
    const loop = hub.subscribe('b', { signal: ending.signal })[Symbol.asyncIterator]();
    await isOpen();
    ending.abort();
    expect(await loop.next()).toEqual({ done: true, value: undefined });
    await until(() => server.requests.length === 2 && server.open === 1);
    server.publish('a', 1);
    await last(others, 1);
  });

  it.each([
    ['all', [1, 2, 3, 4]],
    ['last', [2, 3, 4]],
    ['last:1', [3, 4]],
    ['live', [4]],
    [undefined, [4]],
  ])('with the start %s receives that history, then live messages', async (start, expected) => {
    server.publish('a', 1);
    server.publish('a', 2);
    server.publish('b', 3);
    open();
    const lives: string[] = [];
    const first = collect(['a', 'b'], start);
    // The second subscription joins an existing connection.
    const second: unknown[] = [];
    await isOpen();
    const subscription = hub.subscribe(['a', 'b'], start === undefined ? {} : { start });
    subscription.on('message', ({ payload }) => second.push(payload));
    subscription.on('live', ({ position }) => lives.push(position));
    await until(() => lives.length === 1);
    server.publish('a', 4);
    await last(first, 4);
    await last(second, 4);
    expect([first, second, lives]).toEqual([expected, expected, ['3']]);
  });

  it('reads history over several pages', async () => {
    for (let n = 1; n <= 2500; n += 1) server.publish('a', n);
    open();
    const seen = collect('a', 'all');
    await last(seen, 2500);
    expect(seen).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
  });

  it('can be refused for its own topics while others continue', async () => {
    server.refuse = (_, topics) =>
      topics.includes('secret') ? { status: 403, message: 'Forbidden topic: secret' } : undefined;
    open();
    const others = collect('a');
    await isOpen();
    const loop = hub.subscribe('secret')[Symbol.asyncIterator]();
    await expect(loop.next()).rejects.toMatchObject({
      status: 403,
      reason: 'Forbidden topic: secret',
    });
    server.publish('a', 1);
    await last(others, 1);
    expect(names()).toEqual(['connecting', 'open']);
  });
});

describe('a change of topics', () => {
  it('opens the new connection, resumed, before the old one closes', async () => {
    open();
    const a = collect('a');
    await isOpen();
    server.publish('a', 1);
    await last(a, 1);
    let go: (value?: unknown) => void = () => undefined;
    server.paused = new Promise((resolve) => (go = resolve));
    const b = collect('b');
    await until(() => server.requests.length === 2);
    server.publish('a', 2);
    await last(a, 2);
    server.paused = undefined;
    go();
    await until(() => hub.state.name === 'open' && server.open === 1);
    server.publish('b', 3);
    server.publish('a', 4);
    await last(a, 4);
    await last(b, 3);
    expect([a, b]).toEqual([[1, 2, 4], [3]]);
    expect(queries()).toEqual([null, '1']);
    expect(names()).toEqual(['connecting', 'open', 'open'].slice(0, 2));
  });
});

describe('a topic that is subscribed again while a connection without it opens', () => {
  /** A hub with a stream of `a` and `b`, and a connection for `a` alone that waits for its answer. */
  async function dropped(): Promise<() => void> {
    open();
    const [a, b] = [hub.subscribe('a'), hub.subscribe('b')];
    await isOpen();
    await until(() => server.requests.length === 1);
    const go = hold();
    b.close();
    await until(() => server.requests.length === 2);
    expect(a.topics).toEqual(['a']);
    server.paused = undefined;
    return go;
  }

  function hold(): () => void {
    let go = (): void => undefined;
    server.paused = new Promise<void>((resolve) => (go = resolve));
    return go;
  }

  it.each([
    ['a live subscription', undefined, false],
    ['one with history', 'all', false],
    ['one whose connection was lost', undefined, true],
  ])('misses nothing between the two: %s', async (_what, start, isCut) => {
    const go = await dropped();
    const seen = await collectLive(['a', 'b'], start);
    server.publish('b', 1);
    await last(seen, 1);
    if (isCut) server.cut();
    const goOn = hold();
    go();
    await until(() => server.requests.length === 3);
    server.publish('b', 2);
    server.publish('a', 3);
    server.paused = undefined;
    goOn();
    await last(seen, 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('misses nothing while its history is fetched', async () => {
    server.publish('b', 1);
    const go = await dropped();
    const goOn = hold();
    const seen = collect(['a', 'b'], 'all');
    server.publish('b', 2);
    go();
    await until(() => server.requests.length === 3);
    server.publish('b', 3);
    server.publish('a', 4);
    server.paused = undefined;
    goOn();
    await last(seen, 4);
    expect(seen).toEqual([1, 2, 3, 4]);
  });
});

describe('a hub that allows one connection per client', () => {
  it('changes topics without losing messages', async () => {
    server.maxConnections = 1;
    open();
    const a = collect('a');
    await isOpen();
    const live = collectLive('b');
    for (let n = 1; n <= 20; n += 1) server.publish('a', n);
    const b = await live;
    server.publish('b', 21);
    await last(b, 21);
    expect(a).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });
});

describe('a lost connection', () => {
  it('resumes after the last complete frame', async () => {
    open();
    const seen = collect('a');
    await isOpen();
    server.publish('a', 1);
    await last(seen, 1);
    server.cut();
    server.publish('a', 2);
    await last(seen, 2);
    expect(queries()).toEqual([null, '1']);
    expect(names()).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
  });

  it('is detected after two and a half heartbeats', async () => {
    open({ heartbeatMs: 40 });
    collect('a');
    await isOpen();
    await until(() => states.find((state) => state.name === 'waiting'));
    expect(states).toContainEqual({ name: 'waiting', retryInMs: 1, reason: 'no heartbeat' });
    await until(() => server.requests.length > 1);
  });

  it('moves its cursor with a heartbeat that has an ID, and only with a complete one', async () => {
    let text = '';
    open({ cursor: { getItem: () => null, setItem: (_, value) => void (text = value) } });
    collect('a');
    await isOpen();
    server.publish('other', 1);
    server.send(': heartbeat\nid: 1\n\n: heartbeat\nid: 9\n');
    await until(() => text === '{"a":"1"}');
    server.cut();
    await until(() => server.requests.length === 2);
    expect(queries()).toEqual([null, '1']);
  });

  it('starts again with a recreated stream, and reports it', async () => {
    open();
    const seen = collect('a');
    const resets: string[] = [];
    hub.subscribe('a').on('reset', ({ reason }) => resets.push(reason));
    await isOpen();
    server.publish('a', 'old');
    await last(seen, 'old');
    server.recreate();
    server.publish('a', 'new');
    await last(seen, 'new');
    expect(resets).toEqual(['stream_recreated']);
    expect(queries()).toEqual([null, '0']);
  });

  it('reports messages that the stream no longer has', async () => {
    open();
    const seen = collect('a');
    const gaps: string[] = [];
    hub.subscribe('a').on('gap', ({ reason }) => gaps.push(reason));
    await isOpen();
    server.publish('a', 1);
    await last(seen, 1);
    server.retryMs = 1;
    server.cut();
    server.publish('a', 2);
    server.publish('a', 3);
    server.forget(2);
    await last(seen, 3);
    expect([seen, gaps]).toEqual([[1, 3], ['sequence below retention']]);
  });

  it('waits as long as the answers specify, and longer while there is no answer', async () => {
    let answers = 0;
    server.refuse = () =>
      (answers += 1) < 3 ? { status: 503, message: 'JetStream not available' } : undefined;
    open();
    collect('a');
    await isOpen();
    const waits = states.flatMap((state) => (state.name === 'waiting' ? [state] : []));
    expect(waits.map(({ reason }) => reason)).toEqual(Array(2).fill('JetStream not available'));
    expect(waits[0]?.retryInMs).toBeGreaterThanOrEqual(500);
    expect(waits[1]?.retryInMs).toBeGreaterThanOrEqual(1000);
  });
});

describe('a refusal', () => {
  it.each([400, 403, 404, 405])('with status %d is final', async (status) => {
    server.refuse = () => ({ status, message: 'never' });
    open();
    const loop = hub.subscribe('a')[Symbol.asyncIterator]();
    await expect(loop.next()).rejects.toMatchObject({ kind: 'refused', status, reason: 'never' });
    expect(states.at(-1)).toEqual({ name: 'refused', status, reason: 'never' });
    expect(server.requests).toHaveLength(1);
  });

  it('with Retry-After is retried after the specified time', async () => {
    server.refuse = () => ({ status: 429, message: 'later', headers: { 'retry-after': '7' } });
    open();
    collect('a');
    await until(() => states.at(-1)?.name === 'waiting');
    expect(states.at(-1)).toEqual({ name: 'waiting', retryInMs: 7000, reason: 'later' });
  });

  it('removes its listener from a signal that outlives its subscriptions', async () => {
    open();
    const { signal } = new AbortController();
    const [add, remove] = [
      jest.spyOn(signal, 'addEventListener'),
      jest.spyOn(signal, 'removeEventListener'),
    ];
    for (let n = 0; n < 3; n += 1) hub.subscribe('a', { signal }).close();
    expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([3, 3]);
    await until(() => hub.state.name === 'closed');
  });
});

describe('a loop', () => {
  it('that is left while it waits ends, and another loop of the subscription continues', async () => {
    const subscription = open().subscribe('a');
    const [first, second] = [
      subscription[Symbol.asyncIterator](),
      subscription[Symbol.asyncIterator](),
    ];
    const [waiting, other] = [first.next(), second.next()];
    await first.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await isOpen();
    server.publish('a', 1);
    expect(await other).toMatchObject({ value: { payload: 1 } });
  });
});

describe('a token', () => {
  const authorized = (token: string): void => {
    server.refuse = ({ headers }) =>
      headers.authorization === `Bearer ${token}`
        ? undefined
        : { status: 401, message: 'Unauthorized' };
  };

  it('is requested again once after a 401', async () => {
    authorized('2');
    let asked = 0;
    open({ token: () => Promise.resolve(String((asked += 1))) });
    collect('a');
    await isOpen();
    expect(names()).toEqual(['connecting', 'open']);
  });

  it('that is refused twice is final', async () => {
    authorized('never');
    let asked = 0;
    open({ token: () => String((asked += 1)) });
    const loop = hub.subscribe('a')[Symbol.asyncIterator]();
    await expect(loop.next()).rejects.toMatchObject({ kind: 'refused', status: 401 });
    expect(asked).toBe(2);
    expect(states.at(-1)).toEqual({ name: 'refused', status: 401, reason: 'Unauthorized' });
    authorized('3');
    collect('a');
    await isOpen();
  });

  it('is requested again when its function fails', async () => {
    let asked = 0;
    open({
      token: () => ((asked += 1) === 1 ? Promise.reject(new Error('no session')) : 'good'),
    });
    collect('a');
    await isOpen();
    expect(states[1]).toMatchObject({ name: 'waiting', reason: 'no session' });
  });

  it('is renewed before it expires, without a pause', async () => {
    let asked = 0;
    open({ token: () => String((asked += 1)) });
    const seen = collect('a');
    await isOpen();
    server.publish('a', 1);
    await last(seen, 1);
    server.send('event: expiring\ndata: {"expires":"2026-01-01T00:00:00Z"}\n\n');
    await until(() => server.requests.length === 2 && server.open === 1);
    server.publish('a', 2);
    await last(seen, 2);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer 1',
      'Bearer 2',
    ]);
    expect(names()).toEqual(['connecting', 'open']);
    expect(seen).toEqual([1, 2]);
  });

  it('that is not renewed keeps its connection until it ends', async () => {
    let asked = 0;
    open({
      token: () => {
        asked += 1;
        return 'same';
      },
    });
    collect('a');
    await isOpen();
    server.send('event: expiring\ndata: {}\n\n');
    await until(() => asked === 2);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a stored cursor', () => {
  it('resumes on the next page load', async () => {
    const items = new Map<string, string>();
    const cursor = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    };
    open({ cursor });
    const before = collect('a');
    await isOpen();
    server.publish('a', 1);
    server.publish('b', 'unchanged');
    await last(before, 1);
    hub.close();
    server.publish('a', 2);
    server.publish('a', 3);
    open({ cursor });
    const seen = collect('a');
    const fresh = collect('b');
    await last(seen, 3);
    server.publish('b', 4);
    await last(fresh, 4);
    expect([seen, fresh]).toEqual([[2, 3], [4]]);
    expect([...items.keys()]).toEqual([`nuts:${server.url}`]);
  });

  it('is that of the last message that a loop has processed', async () => {
    let text = '';
    const cursor = {
      getItem: () => text || null,
      setItem: (_: string, value: string) => void (text = value),
    };
    open({ cursor });
    const loop = hub.subscribe('a')[Symbol.asyncIterator]();
    await isOpen();
    for (const n of [1, 2, 3]) server.publish('a', n);
    for (const n of [1, 2]) expect((await loop.next()).value?.payload).toBe(n);
    hub.close();
    expect(JSON.parse(text)).toEqual({ a: '1' });
  });

  it('is that of a loop that was left, after its subscription has ended', async () => {
    let text = '';
    const cursor = {
      getItem: () => text || null,
      setItem: (_: string, value: string) => void (text = value),
    };
    open({ cursor });
    const ending = new AbortController();
    const b = hub.subscribe('b', { signal: ending.signal })[Symbol.asyncIterator]();
    const a = hub.subscribe('a');
    await isOpen();
    for (const n of [1, 2, 3]) server.publish('a', n);
    server.publish('b', 4);
    await b.next();
    await until(() => hub.state.name === 'open');
    let read = 0;
    for await (const { payload } of a) if ((read = payload as number) === 2) break;
    ending.abort();
    hub.close();
    expect(read).toBe(2);
    expect(JSON.parse(text)).toEqual({ a: '1' });
  });

  it('can be read and written asynchronously', async () => {
    const texts = ['{"a":"1"}'];
    let written = 0;
    const cursor = {
      getItem: () => Promise.resolve(texts[0] ?? null),
      setItem: async (_: string, value: string) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        texts[0] = value;
        written += 1;
      },
    };
    server.publish('a', 1);
    server.publish('a', 2);
    open({ cursor });
    const seen = collect('a');
    await last(seen, 2);
    await until(() => texts[0] === '{"a":"2"}');
    server.publish('a', 3);
    await until(() => texts[0] === '{"a":"3"}');
    expect([seen, written]).toEqual([[2, 3], 2]);
  });

  it('is ignored if the storage fails', async () => {
    const cursor = {
      getItem: () => Promise.reject(new Error('no storage')),
      setItem: () => Promise.reject(new Error('no storage')),
    };
    open({ cursor });
    const seen = collect('a');
    await isOpen();
    server.publish('a', 1);
    await last(seen, 1);
  });

  it('starts with the state if start=last is set, and misses nothing', async () => {
    let text = '{"a":"2","b":"2"}';
    server.publish('a', 'old');
    server.publish('b', 'unchanged');
    server.publish('a', 'missed');
    server.publish('a', 'newest');
    const cursor = {
      getItem: () => text,
      setItem: (_: string, value: string) => void (text = value),
    };
    open({ cursor });
    const seen = collect(['a', 'b'], 'last');
    await last(seen, 'newest');
    expect(seen).toEqual(['unchanged', 'missed', 'newest']);
  });
});
