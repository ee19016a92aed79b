import { Logger } from '@nestjs/common';
import { type Edge, FakeHub, hubOptions, startEdge } from '../sse/edge.fixture.js';

let edge: Edge;
let warnings: unknown[];
beforeEach(() => {
  warnings = [];
  jest
    .spyOn(Logger.prototype, 'warn')
    .mockImplementation((message: unknown) => void warnings.push(message));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await edge.close();
});

async function visit(times: number, maxConnectionsPerClient?: number): Promise<string[]> {
  const hub = new FakeHub(
    hubOptions({ ...(maxConnectionsPerClient && { maxConnectionsPerClient }) }),
  );
  edge = await startEdge({ hubs: [hub] });
  for (let i = 0; i < times; i += 1) {
    const gone = new AbortController();
    await fetch(`${edge.url}/events?topic=a`, {
      headers: { 'x-forwarded-for': '192.0.2.1' },
      signal: gone.signal,
    });
    gone.abort();
  }
  return hub.opened.map(({ clientAddress }) => clientAddress);
}

it('ignores forwarded addresses of unknown senders, and warns once that a cap may count all clients as one', async () => {
  expect(await visit(3, 5)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({ msg: expect.stringContaining('TRUST_PROXY') as string });
});

it('has one key per client, however its proxy writes the address', async () => {
  const hub = new FakeHub(hubOptions());
  edge = await startEdge({ hubs: [hub] });
  edge.app.set('trust proxy', 1);
  for (const address of ['192.0.2.1', '192.0.2.1:4000', '::ffff:192.0.2.1', '[2001:db8::1]:5']) {
    const gone = new AbortController();
    const headers = { 'x-forwarded-for': `203.0.113.9, ${address}` };
    await fetch(`${edge.url}/events?topic=a`, { headers, signal: gone.signal });
    gone.abort();
  }
  expect(hub.opened.map(({ clientAddress }) => clientAddress)).toEqual([
    '192.0.2.1',
    '192.0.2.1',
    '192.0.2.1',
    '2001:db8:0:0::/64',
  ]);
});

it('does not warn without a cap', async () => {
  await visit(1);
  expect(warnings).toHaveLength(0);
});
