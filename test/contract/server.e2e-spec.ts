import { connect } from 'node:net';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { freePort } from '../support/free-port.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

let stream: ContractStream;
beforeAll(async () => {
  stream = await startStream();
});

async function metric(app: NutsServer, name: string): Promise<number> {
  const text = await (await fetch(`${app.managementUrl ?? app.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
}

describe('MANAGEMENT_PORT', () => {
  it('moves metrics and root probes from the public port', async () => {
    const MANAGEMENT_PORT = String(await freePort());
    const app = await startApp(stream, { MANAGEMENT_PORT, HEALTH_DETAILS: 'true' });
    const status = async (url: string): Promise<number> => (await fetch(url)).status;
    for (const path of ['/metrics', '/livez', '/readyz', '/readyz/', '/healthz', '/METRICS']) {
      expect([path, await status(app.url + path)]).toEqual([path, 404]);
      expect([path, await status(`${app.managementUrl}${path}`)]).toEqual([path, 200]);
    }
    expect(await status(`${app.url}/events/readyz`)).toBe(200);
    const body = async (url: string): Promise<unknown> => (await fetch(url)).json();
    expect(await body(`${app.managementUrl}/readyz`)).toHaveProperty('stream_info');
    expect(await body(`${app.url}/events/readyz`)).not.toHaveProperty('stream_info');
    expect(await body(`${app.url}/events/healthz`)).not.toHaveProperty('nats_server');
    expect(await status(`${app.managementUrl}/events?topic=a`)).toBe(404);
    expect(await status(`${app.managementUrl}/events/livez`)).toBe(404);
    await app.stop();
  });
});

describe('HUB_PATH=/', () => {
  const topicsOf = async (url: string): Promise<unknown> => {
    const client = await RawSse.open(url);
    const [connected] = await client.waitForEvents(1);
    client.abort();
    return (JSON.parse(connected?.data ?? '') as { topics: unknown }).topics;
  };

  it('serves topics at the root; probes and metrics win over path shorthand', async () => {
    const app = await startApp(stream, { HUB_PATH: '/' });
    expect(await topicsOf(`${app.url}/?topic=a`)).toEqual(['a']);
    expect(await topicsOf(`${app.url}/orders/new`)).toEqual(['orders.new']);
    expect(await topicsOf(`${app.url}/?topic=metrics&topic=livez`)).toEqual(['metrics', 'livez']);
    for (const path of ['/metrics', '/metrics/', '/METRICS']) {
      expect([path, await (await fetch(app.url + path)).text()]).toEqual([
        path,
        expect.stringMatching(/^# HELP nuts_/m),
      ]);
    }
    for (const path of ['/livez', '/readyz', '/healthz/']) {
      expect(await (await fetch(app.url + path)).json()).toMatchObject({ status: 'ok' });
    }
    expect((await fetch(`${app.url}/`)).status).toBe(400);
    await app.stop();
  });

  it('leaves metrics and probes to MANAGEMENT_PORT, if it is set', async () => {
    const MANAGEMENT_PORT = String(await freePort());
    const env = { HUB_PATH: '/', MANAGEMENT_PORT };
    const app = await startApp(stream, env);
    const status = async (url: string): Promise<number> => (await fetch(url)).status;
    for (const path of ['/metrics', '/livez', '/readyz']) {
      expect([path, await status(app.url + path)]).toEqual([path, 404]);
      expect([path, await status(`${app.managementUrl}${path}`)]).toEqual([path, 200]);
    }
    expect(await status(`${app.managementUrl}/a`)).toBe(404);
    expect(await topicsOf(`${app.url}/a`)).toEqual(['a']);
    await app.stop();
  });
});

describe('TRUST_PROXY', () => {
  const forwarded = (address: string): { headers: Record<string, string> } => ({
    headers: { 'x-forwarded-for': address },
  });

  it('distinguishes clients by forwarded address only if it is set', async () => {
    for (const [trust, expected] of [
      ['', 429],
      ['1', 200],
    ] as const) {
      const app = await startApp(stream, { MAX_CONNECTIONS_PER_CLIENT: '1', TRUST_PROXY: trust });
      const first = await RawSse.open(`${app.url}/events?topic=a`, forwarded('192.0.2.1'));
      const second = await RawSse.open(`${app.url}/events?topic=a`, forwarded('192.0.2.2'));
      expect(second.status).toBe(expected);
      first.abort();
      second.abort();
      await app.stop();
    }
  });
});

describe('one stream per connection', () => {
  it('a pipelined request is refused and holds nothing; the stream continues', async () => {
    const app = await startApp(stream);
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    const request = 'GET /events?topic=p HTTP/1.1\r\nHost: x\r\n\r\n';
    socket.write(request + request);
    await until(() => text.includes('event: connected'));
    socket.write(request);
    await stream.publish('p', '1');
    await until(() => text.includes('"payload":1'));
    expect(await metric(app, 'nuts_active_connections')).toBe(1);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    socket.destroy();
    await until(async () => (await metric(app, 'nuts_active_connections')) === 0);
    await app.stop();
  });
});

describe('shutdown', () => {
  it('becomes unready at once, refuses new streams, and ends the open ones one by one', async () => {
    const app = await startApp(stream, { DRAIN_WINDOW: '1', MANAGEMENT_PORT: '' });
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => RawSse.open(`${app.url}/events?topic=a`)),
    );
    for (const client of clients) await client.waitForEvents(1);
    const started = performance.now();
    const stopped = app.stop();
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
    const refused = await RawSse.open(`${app.url}/events?topic=a`);
    expect(await refused.ended()).toBe('end');
    expect(refused.body).toMatch(/^: JetStream not available\nretry: \d+\n\n$/);
    const ends = await Promise.all(
      clients.map(async (client) => [await client.ended(), performance.now() - started] as const),
    );
    expect(ends.map(([how]) => how)).toEqual(clients.map(() => 'end'));
    const times = ends.map(([, at]) => at).sort((a, b) => a - b);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(300);
    for (const { frames } of clients) expect(frames.at(-1)?.retry).toBeGreaterThan(0);
    await stopped;
    expect(performance.now() - started).toBeLessThan(10_000);
    await expect(fetch(`${app.url}/livez`)).rejects.toThrow();
  });

  it('ends in time with stalled readers and a frozen NATS', async () => {
    const app = await startApp(stream, { DRAIN_WINDOW: '1' });
    const client = await RawSse.open(`${app.url}/events?topic=stall`, { paused: true });
    for (let i = 0; i < 40; i += 1) await stream.publish('stall', 'x'.repeat(500_000));
    await stream.nats.freeze();
    const started = performance.now();
    await app.stop();
    expect(performance.now() - started).toBeLessThan(10_000);
    await stream.nats.thaw();
    client.abort();
  });
});
