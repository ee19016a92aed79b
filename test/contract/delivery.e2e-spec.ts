import { EventSourceClient } from '../support/event-source.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { startApp, startStream, type ContractStream } from './contract-app.js';

let stream: ContractStream;
beforeEach(async () => {
  stream = await startStream();
});

const metric = async (url: string, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
};

describe('an open stream (contract §3, §5)', () => {
  it('sends heartbeats while it is quiet, which move the cursor of a quiet topic', async () => {
    const app = await startApp(stream, { HEARTBEAT_INTERVAL: '0.4' });
    const quiet = await RawSse.open(`${app.url}/events?topic=quiet`);
    const beat = await quiet.frame(({ comment }) => comment?.startsWith('heartbeat') ?? false);
    expect([beat.id, beat.data]).toEqual(['0', undefined]);
    await stream.publish('busy', '1');
    await stream.publish('busy', '2');
    await quiet.frame(({ comment, id }) => comment === 'heartbeat' && id === '2');
    const beats = quiet.frames.filter(({ comment }) => comment === 'heartbeat');
    expect(beats.every(({ raw }) => /^: heartbeat\nid: \d+$/.test(raw))).toBe(true);
  });

  it('moves the cursor past messages of other prefixes', async () => {
    await stream.jsm.streams.update('EVENTS', { subjects: ['events.>', 'others.>'] });
    const app = await startApp(stream, { HEARTBEAT_INTERVAL: '0.4' });
    const quiet = await RawSse.open(`${app.url}/events?topic=quiet`);
    for (let i = 0; i < 5; i++) await stream.js.publish('others.x', '1');
    await quiet.frame(({ comment, id }) => comment === 'heartbeat' && id === '5');
    const seq = await stream.publish('quiet', '1');
    expect((await quiet.frame(({ event }) => event === 'message')).id).toBe(String(seq));
  });

  it.each(['before', 'after'])(
    'is reset when the stream is recreated, and the new one is read from its start (passed %s)',
    async (passed) => {
      const app = await startApp(stream, { TRANSIENT_RETRY: '0.2' });
      await stream.publish('a', '1');
      const raw = await RawSse.open(`${app.url}/events?topic=a`);
      const client = new EventSourceClient(`${app.url}/events?topic=a`);
      await client.connected();
      await stream.publish('a', '2');
      await client.waitFor(1);
      await stream.jsm.streams.delete('EVENTS');
      await stream.jsm.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
      const count = passed === 'after' ? 6 : 1;
      for (let i = 0; i < count; i++) await stream.publish('a', `"new ${i}"`);
      await raw.ended();
      expect(raw.body).toMatch(
        /: stream_recreated\nretry: \d+\nevent: reset\ndata: {"reason":"stream_recreated"}\nid: 0\n\n$/,
      );
      await client.waitFor(1 + count);
      expect(client.data<{ payload: unknown }>().map(({ payload }) => payload)).toEqual([
        2,
        ...Array.from({ length: count }, (_, i) => `new ${i}`),
      ]);
      expect(client.closed).toBe(false);
    },
  );

  it('continues without a gap after NATS was disconnected', async () => {
    const app = await startApp(stream, { HEARTBEAT_INTERVAL: '0.4', RECONNECT_WAIT: '0.2' });
    const client = await RawSse.open(`${app.url}/events?topic=a`);
    await stream.publish('a', '1');
    await client.waitForEvents(2);
    await stream.nats.kill();
    await until(async () => !(await fetch(`${app.url}/readyz`)).ok, { what: 'unreadiness' });
    const before = client.frames.length;
    await until(() => client.frames.length > before + 1, { what: 'heartbeats' });
    await stream.nats.restart();
    await until(async () => (await fetch(`${app.url}/readyz`)).ok, { what: 'readiness' });
    await until(() => stream.publish('a', '2').catch(() => undefined), { what: 'a publish' });
    const last = await stream.publish('a', '3');
    await client.frame(({ event, id }) => event === 'message' && id === String(last));
    const ids = client.frames
      .filter(({ event }) => event === 'message')
      .map(({ id }) => Number(id));
    expect(ids).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  });

  it('uses one consumer, however many clients there are', async () => {
    const app = await startApp(stream);
    const clients = await Promise.all(
      Array.from({ length: 50 }, (_, i) => RawSse.open(`${app.url}/events?topic=t${i % 7}`)),
    );
    await Promise.all(clients.map((client) => client.waitForEvents(1)));
    expect((await stream.jsm.streams.info('EVENTS')).state.consumer_count).toBe(1);
    expect(await metric(app.url, 'nuts_active_connections')).toBe(50);
    clients.forEach((client) => client.abort());
    await until(async () => (await metric(app.url, 'nuts_active_connections')) === 0, {
      what: 'all places given back',
    });
  });

  it('enforces connection limits, and releases places', async () => {
    const app = await startApp(stream, { MAX_CONNECTIONS: '2' });
    const url = `${app.url}/events?topic=a`;
    const [first] = await Promise.all([RawSse.open(url), RawSse.open(url)]);
    const browser = await RawSse.open(url);
    await browser.ended();
    expect(browser.status).toBe(200);
    expect(browser.body).toMatch(/^\n*: Too many concurrent connections\nretry: \d+\n\n$/);
    const other = await RawSse.open(url, { headers: {} });
    expect([other.status, other.headers['retry-after']]).toEqual([429, expect.any(String)]);
    first?.abort();
    await until(
      async () => {
        const next = await RawSse.open(url);
        return next.frames.some(({ event }) => event === 'connected') || next.abort();
      },
      { what: 'a place' },
    );
  });

  it('ends a connection at its maximum age, and makes the client reconnect', async () => {
    const app = await startApp(stream, { MAX_CONNECTION_AGE: '1', HEARTBEAT_INTERVAL: '0.5' });
    const client = await RawSse.open(`${app.url}/events?topic=a`);
    expect(await client.ended()).toBe('end');
    expect(client.frames.at(-1)?.retry).toBeGreaterThan(0);
  });
});
