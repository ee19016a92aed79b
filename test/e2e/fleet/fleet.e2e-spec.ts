import type { NutsServer } from '../../../src/server/nuts-server.js';
import { type ContractStream, startApp, startStream } from '../../contract/contract-app.js';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';
import { bearer, FLEET_ENV, listen, presence, startFleet, statusOf } from './fleet-rig.js';

let stream: ContractStream;
let apps: NutsServer[];
let urls: string[];
const url = (index: number): string => urls[index] ?? '';

beforeAll(async () => {
  stream = await startStream();
  apps = await startFleet(stream, 3, { MAX_CONNECTIONS_PER_CLIENT: '3' });
  urls = apps.map((app) => app.url);
});

const open: RawSse[] = [];
async function join(index: number, user: string, query?: string): Promise<RawSse> {
  const client = await listen(url(index), user, query);
  open.push(client);
  return client;
}

afterEach(async () => {
  for (const client of open.splice(0)) client.abort();
  await until(async () => (await presence(url(0))).topics['a']?.streams === 0);
});

describe('presence', () => {
  it('queries all processes, and sums their answers by subject', async () => {
    await join(0, 'ann');
    await join(1, 'ann', 'topic=a&topic=b');
    await join(2, 'bob', 'topic=b');
    for (const each of urls) {
      expect(await presence(each, 'topic=a&topic=b&topic=c')).toEqual({
        topics: {
          a: { streams: 2, clients: [{ subject: 'ann', streams: 2 }] },
          b: {
            streams: 2,
            clients: [
              { subject: 'ann', streams: 1 },
              { subject: 'bob', streams: 1 },
            ],
          },
          c: { streams: 0, clients: [] },
        },
        processes: 3,
        answered: 3,
      });
    }
  });

  it('requires its own claim, and topics as a stream does', async () => {
    const ask = async (claims: object, query = 'topic=a'): Promise<number> => {
      const headers = await bearer('ann', { ...claims });
      return (await fetch(`${url(0)}/events/presence?${query}`, { headers })).status;
    };
    expect((await fetch(`${url(0)}/events/presence?topic=a`)).status).toBe(401);
    expect(await ask({ subscribe: '>' })).toBe(403);
    expect(await ask({ presence: 'b' })).toBe(403);
    expect(await ask({ presence: ['a'] })).toBe(200);
    expect(await ask({ presence: 'a.' })).toBe(401);
    expect(await ask({ presence: '>' }, '')).toBe(400);
    expect(await ask({ presence: '>' }, 'topic=a.*')).toBe(400);
    const answer = await fetch(`${url(0)}/events/presence?topic=a`, { method: 'POST' });
    expect(answer.status).toBe(405);
  });
});

describe('closing', () => {
  it("ends a client's streams in every process on a NATS request, and replies once with their number", async () => {
    const theirs = await Promise.all([0, 1, 1].map((index) => join(index, 'user-7')));
    const other = await join(2, 'user-8');
    const answers: unknown[] = [];
    const { connection } = stream;
    const inbox = connection.subscribe('answers');
    void (async () => {
      for await (const message of inbox) answers.push(message.json());
    })();
    const request = JSON.stringify({ subject: 'user-7' });
    connection.publish('nuts.fleet.shop.close', request, { reply: 'answers' });
    for (const client of theirs) expect(await client.ended()).toBe('end');
    await until(() => answers.length > 0);
    // A second request: what the first one's answers would be late for.
    const again = await connection.request('nuts.fleet.shop.close', request, { timeout: 2000 });
    expect(again.json()).toEqual({ closed: 0, processes: 3, answered: 3 });
    await connection.flush();
    expect(answers).toEqual([{ closed: 3, processes: 3, answered: 3 }]);
    inbox.unsubscribe();
    expect(theirs[0]?.body).toMatch(/\n\n: closed\nretry: \d+\n\n$/);
    expect(other.over).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'x'],
    ['a list', '[]'],
    ['no subject', '{}'],
    ['a number', '{"subject":7}'],
    ['an empty subject', '{"subject":""}'],
    ['a subject that no token has', JSON.stringify({ subject: 'x'.repeat(7000) })],
  ])('refuses %s with a service error', async (_what, body) => {
    const { headers } = await stream.connection.request('nuts.fleet.shop.close', body);
    expect(headers?.get('Nats-Service-Error-Code')).toBe('400');
    expect(headers?.get('Nats-Service-Error')).toContain('{"subject":"…"}');
  });
});

it('counts max_connections_per_client over all processes', async () => {
  await join(0, 'carl');
  await join(1, 'carl');
  await join(2, 'carl');
  const refusedBy = async (index: number): Promise<boolean> =>
    (await statusOf(url(index), 'carl')) === 429;
  for (const index of [0, 1, 2]) {
    await until(() => refusedBy(index), { what: `process ${index} to know of all streams` });
  }
  // Other users are not affected, and a stream that ends frees a place everywhere.
  await join(0, 'dora');
  open.shift()?.abort();
  await until(async () => !(await refusedBy(2)), { what: 'room in another process' });
});

it('publishes streams that open and close', async () => {
  const events: { subject: string; body: Record<string, unknown> }[] = [];
  const { connection } = stream;
  const all = connection.subscribe('nuts.fleet.shop.*');
  void (async () => {
    for await (const message of all) {
      if (!/opened|closed/.test(message.subject)) continue;
      events.push({ subject: message.subject, body: message.json() });
    }
  })();
  await connection.flush();
  const client = await join(1, 'erna', 'topic=a&topic=b');
  client.abort();
  await until(() => events.length === 2);
  all.unsubscribe();
  const facts = {
    hub: '/events',
    topics: ['a', 'b'],
    subject: 'erna',
    process: expect.stringMatching(/^[\w-]+$/) as unknown,
    stream: expect.any(Number) as unknown,
    time: expect.stringMatching(/Z$/) as unknown,
  };
  expect(events).toEqual([
    { subject: 'nuts.fleet.shop.opened', body: facts },
    {
      subject: 'nuts.fleet.shop.closed',
      body: {
        ...facts,
        reason: 'client_context_done',
        durationMs: expect.any(Number) as unknown,
      },
    },
  ]);
  expect(events[0]?.body['stream']).toBe(events[1]?.body['stream']);
  expect(events[0]?.body['process']).toBe(events[1]?.body['process']);
});

it('ignores another fleet in the same account', async () => {
  const other = await startApp(stream, { ...FLEET_ENV, FLEET: 'other' });
  const theirs = await listen(other.url, 'user-7');
  expect(await presence(other.url)).toMatchObject({ processes: 1, answered: 1 });
  expect(await presence(url(0))).toMatchObject({ processes: 3, topics: { a: { streams: 0 } } });
  const ask = async (name: string): Promise<unknown> => {
    const request = JSON.stringify({ subject: 'user-7' });
    return (await stream.connection.request(`nuts.fleet.${name}.close`, request)).json();
  };
  expect(await ask('shop')).toEqual({ closed: 0, processes: 3, answered: 3 });
  expect(theirs.over).toBeUndefined();
  expect(await ask('other')).toEqual({ closed: 1, processes: 1, answered: 1 });
  await theirs.ended();
  await other.stop();
});

it('is a NATS service: each process is an instance', async () => {
  await join(0, 'ann');
  const found = [];
  for await (const info of await stream.connection.services.client().info('nuts')) found.push(info);
  expect(found).toHaveLength(3);
  expect(found[0]).toMatchObject({
    name: 'nuts',
    version: '1.0.0',
    metadata: { fleet: 'shop' },
    endpoints: [
      { name: 'close', subject: 'nuts.fleet.shop.close' },
      { name: 'presence', subject: 'nuts.fleet.shop.presence' },
    ],
  });
  const stats = [];
  for await (const one of await stream.connection.services.client().stats('nuts')) stats.push(one);
  const figures = stats.map(({ endpoints }) => endpoints?.[0]?.data as { streams: number });
  expect(figures.map(({ streams }) => streams).sort()).toEqual([0, 0, 1]);
  expect(figures[0]).toMatchObject({ processes: 3 });
});
