import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawSse } from '../support/raw-sse.js';
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
