import { EventSourceClient } from '../support/event-source.js';
import { RawSse } from '../support/raw-sse.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { startApp, startStream, type ContractStream } from './contract-app.js';

interface Connected {
  readonly topics: string[];
  readonly recovery: string;
  readonly reason?: string;
}

const connectedOf = async (stream: RawSse): Promise<Connected & { id: string | undefined }> => {
  const frame = await stream.frame(({ event }) => event === 'connected');
  return { ...(JSON.parse(frame.data ?? '') as Connected), id: frame.id };
};
const idsOf = (stream: RawSse): (string | undefined)[] =>
  stream.frames.filter(({ event }) => event === 'message').map(({ id }) => id);
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

let stream: ContractStream;

const publish = async (count: number, topic = 'a'): Promise<void> => {
  for (let i = 0; i < count; i++) await stream.publish(topic, `{"n":${i}}`);
};
const consumers = async (): Promise<string[]> =>
  (await stream.jsm.consumers.list('EVENTS').next()).map(({ name }) => name);

beforeEach(async () => {
  stream = await startStream();
});

describe('replay (contract §4)', () => {
  it.each([
    ['from memory', '8192', 1],
    ['from JetStream', '5', 1],
  ])('passes from history to live without gap or duplicate, %s', async (_, window, tails) => {
    const app = await startApp(stream, { WINDOW_MAX_MESSAGES: window });
    await publish(50);
    const client = await RawSse.open(`${app.url}/events?topic=a&last-id=10`);
    await publish(10);
    await client.waitForEvents(51);
    expect(await connectedOf(client)).toMatchObject({ recovery: 'resumed', id: '10' });
    expect(idsOf(client)).toEqual(numbers(11, 60));
    await until(async () => (await consumers()).length === tails, { what: 'only the tail' });
    expect((await consumers()).every((name) => name.startsWith('nuts_'))).toBe(true);
  });

  it('an EventSource reconnects after a cut and receives every message once', async () => {
    const app = await startApp(stream, { SSE_RETRY: '100' });
    const proxy = await TcpProxy.start(Number(new URL(app.url).port));
    const client = new EventSourceClient(`http://127.0.0.1:${proxy.port}/events?topic=a`);
    await client.connected();
    await publish(3);
    await client.waitFor(3);
    proxy.dropConnections();
    await publish(4);
    await client.connected(2);
    await publish(2);
    await client.waitFor(9);
    expect(client.ids).toEqual(numbers(1, 9));
    expect(client.sentIds).toEqual([undefined, '3']);
  });

  it.each([
    ['a purge', {}, () => stream.jsm.streams.purge('EVENTS', { seq: 6 })],
    ['its limits', { max_msgs: 5 }, () => Promise.resolve()],
  ])('falls back below retention at once after %s, with the reason', async (_, limits, trim) => {
    await stream.jsm.streams.update('EVENTS', limits);
    const app = await startApp(stream);
    await publish(10);
    await trim();
    const client = await RawSse.open(`${app.url}/events?topic=a&last-id=2`);
    await client.waitForEvents(6);
    expect(await connectedOf(client)).toMatchObject({
      recovery: 'fallback',
      reason: 'sequence below retention',
      id: '2',
    });
    expect(idsOf(client)).toEqual(numbers(6, 10));
    const atTheEdge = await RawSse.open(`${app.url}/events?topic=a&last-id=5`);
    expect(await connectedOf(atTheEdge)).toMatchObject({ recovery: 'resumed' });
  });

  it('falls back to everything for a cursor ahead of the stream', async () => {
    const app = await startApp(stream);
    await publish(3);
    const client = await RawSse.open(`${app.url}/events?topic=a&last-id=18446744073709551613`);
    await client.waitForEvents(4);
    expect(await connectedOf(client)).toMatchObject({
      reason: 'cursor ahead of stream',
      id: '18446744073709551613',
    });
    expect(idsOf(client)).toEqual(numbers(1, 3));
  });

  it('limits history by replay_window, only in a fallback', async () => {
    const app = await startApp(stream, { REPLAY_WINDOW: '2' });
    await publish(3);
    const old = Date.now();
    await until(() => Date.now() - old > 2200, { what: 'two seconds of history' });
    await publish(2);
    const client = await RawSse.open(`${app.url}/events?topic=a&last-id=1`);
    await client.waitForEvents(3);
    expect(await connectedOf(client)).toMatchObject({ reason: 'sequence outside replay window' });
    expect(idsOf(client)).toEqual(['4', '5']);
    const caughtUp = await RawSse.open(`${app.url}/events?topic=b&last-id=1`);
    expect(await connectedOf(caughtUp)).toMatchObject({ recovery: 'resumed' });
  });

  it('uses the time of the next retained message for a deleted resume point', async () => {
    const app = await startApp(stream, { REPLAY_WINDOW: '2' });
    await publish(3);
    const old = Date.now();
    await until(() => Date.now() - old > 2200, { what: 'two seconds of history' });
    await publish(2);
    await stream.jsm.streams.deleteMessage('EVENTS', 3);
    const client = await RawSse.open(`${app.url}/events?topic=a&last-id=2`);
    await client.waitForEvents(3);
    expect(await connectedOf(client)).toMatchObject({ recovery: 'resumed', id: '2' });
    expect(idsOf(client)).toEqual(['4', '5']);
  });

  it('ends after replay_max_messages, and the client resumes', async () => {
    const app = await startApp(stream, { REPLAY_MAX_MESSAGES: '4', SSE_RETRY: '50' });
    await publish(10);
    const first = await RawSse.open(`${app.url}/events?topic=a&last-id=1`);
    expect(await first.ended()).toBe('end');
    expect(idsOf(first)).toEqual(numbers(2, 5));
    const client = new EventSourceClient(`${app.url}/events?topic=a&last-id=1`);
    await client.waitFor(9, 'message', { timeoutMs: 20_000 });
    await publish(6);
    await client.waitFor(15, 'message', { timeoutMs: 20_000 });
    expect(client.ids).toEqual(numbers(2, 16));
  });

  it('a topic outside the stream is refused permanently, one that was just added is not', async () => {
    const app = await startApp(stream, { TOPIC_PREFIX: '' });
    const refused = await RawSse.open(`${app.url}/events?topic=orders.new`);
    await refused.ended();
    expect([refused.status, refused.json()]).toMatchObject([
      503,
      { message: 'Failed to subscribe to requested topics: orders.new' },
    ]);
    expect(refused.headers['retry-after']).toBeUndefined();
    await stream.jsm.streams.update('EVENTS', { subjects: ['events.>', 'orders.>'] });
    const client = await RawSse.open(`${app.url}/events?topic=orders.new`);
    expect(await connectedOf(client)).toMatchObject({ recovery: 'live' });
  });

  it('a stream without free consumers is served from memory; other requests get the transient answer', async () => {
    await stream.jsm.streams.add({ name: 'SMALL', subjects: ['small.>'], max_consumers: 1 });
    for (let i = 0; i < 20; i++) await stream.js.publish('small.a', '{}');
    const app = await startApp(stream, {
      STREAM_NAME: 'SMALL',
      TOPIC_PREFIX: 'small.',
      WINDOW_MAX_MESSAGES: '5',
    });
    const url = `${app.url}/events?topic=a`;
    const near = await RawSse.open(`${url}&last-id=18`);
    await near.waitForEvents(3);
    const browser = await RawSse.open(`${url}&last-id=1`);
    await browser.ended();
    expect(browser.status).toBe(200);
    expect(browser.body).toMatch(/^\n*: Stream consumer limit reached\nid: 1\nretry: \d+\n\n$/);
    const other = await RawSse.open(`${url}&last-id=1`, { headers: {} });
    await other.ended();
    expect([other.status, other.headers['retry-after']]).toEqual([
      503,
      expect.stringMatching(/^\d+$/),
    ]);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('nuts_connections_rejected_total{reason="stream_consumer_limit"} 2');
  });
});
