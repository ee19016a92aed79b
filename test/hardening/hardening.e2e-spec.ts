import fc from 'fast-check';
import { HealthService } from '@nuts/health';
import { headers as natsHeaders } from 'nats';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { type ContractStream, startApp, startStream } from '../contract/contract-app.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { RawConnection } from './raw-connection.js';

let stream: ContractStream;
let app: NutsServer;
beforeAll(async () => {
  stream = await startStream();
  app = await startApp(stream, { EVENT_TYPE: 'header Kind' }, (options) => ({
    ...options,
    hubs: options.hubs.flatMap((hub) => [
      hub,
      {
        ...hub,
        name: '/secure',
        path: '/secure',
        access: { secret: 'a secret of thirty-two bytes and more', cookie: 'token' },
      },
    ]),
  }));
});
afterAll(() => app.stop());

const KNOWN_HEADERS = [
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'date',
  'expires',
  'keep-alive',
  'pragma',
  'retry-after',
  'transfer-encoding',
  'vary',
  'www-authenticate',
  'x-accel-buffering',
];
const BREAKS = [
  '\r\nX-Injected: 1',
  '\nX-Injected: 1',
  '\rX-Injected: 1',
  '\0',
  '\r\n\r\nevent: evil',
  '\u0085',
  '\u2028',
];

async function activeConnections(): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return Number(/^nuts_active_connections (\d+)$/m.exec(text)?.[1]);
}

/** Sends one request over its own connection, and waits for the response headers. */
async function ask(target: string, headers = ''): Promise<RawConnection> {
  const connection = await RawConnection.open(app.url);
  connection.send(`GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
  await until(() => connection.received.includes('\r\n\r\n') || connection.closed);
  connection.socket.destroy();
  return connection;
}

describe('nothing that a client sends becomes a header or a frame', () => {
  it.each(BREAKS)('%j in topic, cursor and path', async (text) => {
    const evil = encodeURIComponent(text);
    for (const target of [
      `/events?topic=a${evil}`,
      `/events?topic=a&last-id=1${evil}`,
      `/events/a${evil}`,
      `/nothing${evil}`,
    ]) {
      const { status, headerNames, received } = await ask(target, 'Origin: https://a.example\r\n');
      expect([400, 404]).toContain(status);
      expect(KNOWN_HEADERS).toEqual(expect.arrayContaining(headerNames));
      expect(received).not.toMatch(/^(X-Injected|event:)/m);
    }
  });

  it.each(BREAKS)('%j in Origin, Last-Event-ID, Cookie and Authorization', async (text) => {
    for (const [name, path] of [
      ['Origin', '/events'],
      ['Last-Event-ID', '/events'],
      ['Cookie', '/secure'],
      ['Authorization', '/secure'],
    ] as const) {
      const value = name === 'Cookie' ? 'token=' : 'https://a';
      const answer = await ask(`${path}?topic=a`, `${name}: ${value}${text}\r\n`);
      expect(path === '/events' ? [200, 400] : [400, 401]).toContain(answer.status);
      expect(KNOWN_HEADERS).toEqual(expect.arrayContaining(answer.headerNames));
      expect(answer.received).not.toMatch(/^event: evil/m);
    }
  });

  it('an Origin with any bytes is echoed completely or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), async (text) => {
        const bytes = Buffer.from(text).toString('latin1');
        const { headerNames, status } = await ask('/events', `Origin: ${bytes}\r\n`);
        expect(status).toBe(400);
        expect(KNOWN_HEADERS).toEqual(expect.arrayContaining(headerNames));
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('nothing that a publisher sends becomes a frame', () => {
  it('event names and payloads with line breaks stay inside their event', async () => {
    const client = await RawSse.open(`${app.url}/events?topic=evil`);
    await client.waitForEvents(1);
    for (const text of ['a b', 'reset', 'connected', 'x'.repeat(101), 'a:b', 'ä']) {
      const headers = natsHeaders();
      headers.set('Kind', text);
      await stream.js.publish('events.evil', 'x\r\nid: 1\n\nevent: evil\rdata: y', { headers });
    }
    await client.waitForEvents(7);
    expect(client.events.slice(1).map(({ event }) => event)).toEqual([
      'message',
      'message',
      'message',
      'message',
      'a:b',
      'message',
    ]);
    for (const { raw } of client.events.slice(1)) expect(raw.split('\n')).toHaveLength(3);
    client.abort();
  });
});

describe('the resources of a client are limited', () => {
  it('headers that arrive slowly end with 408', async () => {
    const server = app.app.getHttpServer();
    const { headersTimeout } = server;
    expect(headersTimeout).toBeLessThanOrEqual(15_000);
    server.headersTimeout = 500;
    const connection = await RawConnection.open(app.url);
    connection.send('GET /events?topic=a HTTP/1.1\r\nHost: x\r\n');
    const drops = setInterval(() => connection.send('X: y\r\n'), 100);
    await until(() => connection.received.startsWith('HTTP/1.1 408'), { timeoutMs: 15_000 });
    clearInterval(drops);
    server.headersTimeout = headersTimeout;
    connection.socket.destroy();
  });

  it('headers over 32 KiB are 431, a token of 8 KiB is accepted', async () => {
    const large = await ask('/events', `X: ${'y'.repeat(40_000)}\r\n`);
    expect(large.status).toBe(431);
    const token = 'y'.repeat(8 * 1024);
    const fine = await ask(
      '/events',
      `Authorization: Bearer ${token}\r\nCookie: token=${token}\r\n`,
    );
    expect(fine.status).toBe(400);
    expect(fine.received).toContain('No topics specified');
  });

  it('a half-closed connection ends', async () => {
    const connection = await RawConnection.open(app.url);
    connection.send('GET /events?topic=a HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => connection.received.includes('event: connected'));
    expect(await activeConnections()).toBe(1);
    connection.socket.end();
    await until(async () => (await activeConnections()) === 0);
    await until(() => connection.closed);
  });

  it('a client that disconnects while its stream opens leaves nothing behind', async () => {
    for (let i = 0; i < 50; i += 1) {
      const connection = await RawConnection.open(app.url);
      connection.send('GET /events?topic=a&last-id=1 HTTP/1.1\r\nHost: x\r\n\r\n');
      connection.socket.destroy();
    }
    await until(async () => (await activeConnections()) === 0);
  });

  it('requests pipelined behind a stream hold no place, and many of them end the connection', async () => {
    const connection = await RawConnection.open(app.url);
    const request = 'GET /events?topic=a HTTP/1.1\r\nHost: x\r\n\r\n';
    connection.send(request.repeat(10));
    await until(() => connection.received.includes('event: connected'));
    expect(await activeConnections()).toBe(1);
    connection.send(request.repeat(1_000));
    await until(() => connection.closed);
    await until(async () => (await activeConnections()) === 0);
  });

  it('pipelined requests of any kind: 16 are answered, more end the connection at once', async () => {
    const request = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
    const polite = await RawConnection.open(app.url);
    polite.send(request.repeat(16));
    await until(() => polite.received.match(/^HTTP\/1\.1 200/gm)?.length === 16);
    polite.send(request);
    await until(() => polite.received.match(/^HTTP\/1\.1 200/gm)?.length === 17);
    polite.socket.destroy();
    const served = jest.spyOn(app.app.get(HealthService, { strict: false }), 'live');
    const flood = await RawConnection.open(app.url);
    flood.send('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2_000));
    await until(() => flood.closed);
    expect(served.mock.calls.length).toBeLessThanOrEqual(64);
    served.mockRestore();
  });

  it('a client that sends a body with its request and disconnects is detected', async () => {
    const connection = await RawConnection.open(app.url);
    const head = 'GET /events?topic=a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n';
    connection.send(head + 'x'.repeat(1_000_000));
    await until(() => connection.received.includes('event: connected'));
    connection.send('x'.repeat(1_000_000));
    expect(await activeConnections()).toBe(1);
    connection.socket.destroy();
    await until(async () => (await activeConnections()) === 0);
  });

  it('a body is never read', async () => {
    const connection = await RawConnection.open(app.url);
    connection.send('POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n');
    await until(() => connection.status === 405);
    connection.socket.destroy();
  });
});

it('response headers do not reveal the software', async () => {
  for (const path of ['/events', '/nothing', '/livez', '/metrics', '/events?topic=a']) {
    const { headerNames } = await ask(path);
    expect(headerNames).not.toEqual(expect.arrayContaining(['server']));
    expect(headerNames).not.toEqual(expect.arrayContaining(['x-powered-by']));
  }
});
