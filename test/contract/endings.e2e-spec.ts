import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawConnection } from '../hardening/raw-connection.js';
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

it('spreads the ends of max_connection_age by 10 %, and not by the ticker (contract §7)', async () => {
  const app = await startApp(stream, { MAX_CONNECTION_AGE: '2', TRANSIENT_RETRY: '2' });
  const ends = await lives(app, 20);
  for (const { ms, last } of ends) {
    expect(ms).toBeGreaterThanOrEqual(1_790);
    // What a busy machine adds is not the spread's.
    expect(ms).toBeLessThan(10_000);
    expect(last).toMatch(/^: connection age reached\nretry: [1-3]\d{3}$/);
  }
  const times = ends.map(({ ms }) => ms);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(50);
});

it.each([
  ['HTTP/1.1', 'Connection: close\r\n', true],
  ['HTTP/1.1', 'Connection: Keep-Alive, Close\r\n', true],
  ['HTTP/1.0', '', true],
  ['HTTP/1.1', '', false],
])('ends the connection with the stream where the client asked to: %s %j', async (...example) => {
  const [version, headers, isClosed] = example;
  const app = await startApp(stream, { MAX_CONNECTION_AGE: '0.5' });
  const client = await RawConnection.open(app.url);
  client.send(`GET /events?topic=a ${version}\r\nHost: a\r\n${headers}\r\n`);
  await until(() => /connection age reached\nretry: \d+\n\n/.test(client.received));
  if (isClosed) {
    await until(() => client.closed, { what: 'the end of the connection' });
  } else {
    const before = client.received.length;
    client.send('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => client.received.slice(before).includes('"status":"ok"'));
  }
});
