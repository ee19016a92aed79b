import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HubRegistry } from '@nuts/streaming';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawConnection } from '../hardening/raw-connection.js';
import { disposeAtEnd } from '../support/disposal.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

let stream: ContractStream;
beforeAll(async () => {
  stream = await startStream();
});

/** How long streams of this app lasted, in ms, and how they ended. */
async function lives(
  app: NutsServer,
  count: number,
): Promise<{ ms: number; last: string | undefined }[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const started = performance.now();
      const client = await RawSse.open(`${app.url}/events?topic=a`);
      await client.ended();
      return { ms: performance.now() - started, last: client.frames.at(-1)?.raw };
    }),
  );
}

it('spreads the ends of max_connection_age by 10 %, not by the ticker (contract §7)', async () => {
  const app = await startApp(stream, { MAX_CONNECTION_AGE: '2', TRANSIENT_RETRY: '2' });
  const ends = await lives(app, 20);
  for (const { ms, last } of ends) {
    expect(ms).toBeGreaterThanOrEqual(1_790);
    // Delays of a busy machine do not count as spread.
    expect(ms).toBeLessThan(10_000);
    expect(last).toMatch(/^: connection age reached\nretry: ([1-9]\d\d|1000)$/);
  }
  const times = ends.map(({ ms }) => ms);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(50);
});

describe('a token that expires', () => {
  const KEY = 'a secret that is long enough for HS256';
  const bearer = async (seconds: number, claims = {}): Promise<Record<string, string>> => {
    const token = await new SignJWT({ subscribe: '>', exp: Date.now() / 1000 + seconds, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(KEY));
    return { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  };

  it('is announced once, without an ID, and ends the stream at its time with a short retry', async () => {
    const app = await startApp(stream, { SUBSCRIBER_JWT_KEY: KEY, TRANSIENT_RETRY: '40' });
    const lifeSeconds = 3;
    const expiresAt = Date.now() + lifeSeconds * 1000;
    const client = await RawSse.open(`${app.url}/events?topic=a`, {
      headers: await bearer(lifeSeconds),
    });
    const [connected] = await client.waitForEvents(1);
    expect(connected?.retry).toBeGreaterThanOrEqual(20_000);
    expect(connected?.retry).toBeLessThanOrEqual(60_000);
    const notice = await client.frame(({ event }) => event === 'expiring');
    const warnedMs = expiresAt - Date.now();
    // A tenth of three seconds; a busy machine can be late, but never early.
    expect(warnedMs).toBeLessThan(320);
    expect(notice.raw).toMatch(/^event: expiring\ndata: {"expires":"[^"]+Z"}$/);
    const { expires } = JSON.parse(notice.data ?? '') as { expires: string };
    expect(Math.abs(Date.parse(expires) - expiresAt)).toBeLessThan(100);
    await client.ended();
    // Not at the next tick, which may be a second later.
    expect(Date.now() - expiresAt).toBeGreaterThanOrEqual(-20);
    expect(Date.now() - expiresAt).toBeLessThan(700);
    expect(client.frames.filter(({ event }) => event === 'expiring')).toHaveLength(1);
    expect(client.frames.at(-1)?.raw).toMatch(/^: token expired\nretry: ([1-9]\d\d|1000)$/);
  });

  it('closing by subject has the short retry too; a drain has the long one', async () => {
    const app = await startApp(stream, { SUBSCRIBER_JWT_KEY: KEY, TRANSIENT_RETRY: '40' });
    const [closed, drained] = await Promise.all(
      ['one', 'other'].map(async (sub) =>
        RawSse.open(`${app.url}/events?topic=a`, { headers: await bearer(600, { sub }) }),
      ),
    );
    await Promise.all([closed?.waitForEvents(1), drained?.waitForEvents(1)]);
    expect(app.app.get(HubRegistry, { strict: false }).closeStreamsOf('one')).toBe(1);
    await closed?.ended();
    expect(closed?.frames.at(-1)?.raw).toMatch(/^: closed\nretry: ([1-9]\d\d|1000)$/);
    await app.stop();
    expect(drained?.frames.at(-1)?.retry).toBeGreaterThanOrEqual(20_000);
  });
});

it('withdrawing a key ends the streams that it opened, without any request', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  let keys: unknown[] = [null, { ...(await exportJWK(publicKey)), kid: 'k' }];
  const provider = createServer((_, response) => response.end(JSON.stringify({ keys })));
  provider.listen(0, '127.0.0.1');
  disposeAtEnd(() => void provider.close());
  await once(provider, 'listening');
  const app = await startApp(stream, {
    SUBSCRIBER_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`,
    SUBSCRIBER_JWKS_MAX_AGE: '1',
  });
  const token = await new SignJWT({ subscribe: '>' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(privateKey);
  const headers = { authorization: `Bearer ${token}` };
  const client = await RawSse.open(`${app.url}/events?topic=a`, { headers });
  await client.waitForEvents(1);
  keys = [];
  const withdrawn = performance.now();
  await client.ended();
  expect(performance.now() - withdrawn).toBeLessThan(4_000);
  expect(client.frames.at(-1)?.raw).toMatch(/^: token no longer valid\nretry: \d+$/);
  expect((await RawSse.open(`${app.url}/events?topic=a`, { headers })).status).toBe(401);
});

it.each([
  ['HTTP/1.1', 'Connection: close\r\n', true],
  ['HTTP/1.1', 'Connection: Keep-Alive, Close\r\n', true],
  ['HTTP/1.0', '', true],
  ['HTTP/1.0', 'Connection: keep-alive\r\n', true],
  ['HTTP/1.1', '', false],
])(
  'ends the connection with the stream if the client requested that: %s %j',
  async (...example) => {
    const [version, headers, isClosed] = example;
    const app = await startApp(stream, { MAX_CONNECTION_AGE: '0.5' });
    const client = await RawConnection.open(app.url);
    client.send(`GET /events?topic=a ${version}\r\nHost: a\r\n${headers}\r\n`);
    await until(() => /connection age reached\nretry: \d+\n\n/.test(client.received));
    const [head = ''] = client.received.split('\r\n\r\n');
    expect(head).toMatch(isClosed ? /^connection: close$/im : /^connection: keep-alive$/im);
    if (isClosed) {
      await until(() => client.closed, { what: 'the end of the connection' });
    } else {
      const before = client.received.length;
      client.send('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
      await until(() => client.received.slice(before).includes('"status":"ok"'));
    }
  },
);
