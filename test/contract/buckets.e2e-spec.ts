import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, headers, type KV, type KvOptions, type NatsConnection } from 'nats';
import { firstValueFrom, timeout } from 'rxjs';
import { signToken } from '../../libs/auth/src/tokens.fixture.js';
import { loadConfiguration } from '../../src/config/configuration.loader.js';
import { NutsServer } from '../../src/server/nuts-server.js';
import { disposeAtEnd } from '../support/disposal.js';
import { type NatsServer, startNats } from '../support/nats/index.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { BucketWalk } from './bucket-walk.js';
import { startApp } from './contract-app.js';
import { Random } from '../chaos/random.js';

const BUCKET_ENV = { STREAM_NAME: '', TOPIC_PREFIX: '', ALLOW_WILDCARDS: 'true' };
const SECRET = 'a-secret-of-32-bytes-or-some-more';
let nats: NatsServer;
let connection: NatsConnection;
beforeAll(async () => {
  nats = await startNats();
  connection = await connect({
    servers: nats.url,
    reconnectTimeWait: 50,
    maxReconnectAttempts: -1,
  });
  disposeAtEnd(() => connection.close());
});

interface Bucket {
  readonly name: string;
  readonly kv: KV;
  readonly app: (env?: Readonly<Record<string, string>>) => Promise<NutsServer>;
}

async function createBucket(options: Partial<KvOptions> = {}): Promise<Bucket> {
  const name = `b_${randomBytes(4).toString('hex')}`;
  const kv = await connection.jetstream().views.kv(name, options);
  return {
    name,
    kv,
    app: (env = {}) => startApp({ nats }, { ...BUCKET_ENV, KV_BUCKET: name, ...env }),
  };
}

function parsed({ events }: RawSse): Record<string, unknown>[] {
  return events.map(({ event, id, data }) => ({
    event,
    id,
    ...(JSON.parse(data ?? '{}') as object),
  }));
}

const open = (app: NutsServer, query: string): Promise<RawSse> =>
  RawSse.open(`${app.url}/events?${query}`);

it('starts with the value of each key, then sends its changes (contract §9)', async () => {
  const { kv, app: start } = await createBucket({ history: 5 });
  for (const [key, value] of [
    ['a', '1'],
    ['gone', 'x'],
    ['team/x=1', '{"n":1}'],
    ['purged', 'y'],
    ['a', '2'],
  ] as const) {
    await kv.put(key, value);
  }
  await kv.delete('gone');
  await kv.purge('purged');
  const app = await start();
  const client = await open(app, 'topic=>');
  await client.waitForEvents(4);
  expect(parsed(client)).toMatchObject([
    { event: 'connected', recovery: 'started', id: '' },
    { topic: 'team/x=1', payload: { n: 1 }, operation: 'put', sequence: 3 },
    { topic: 'a', payload: 2, operation: 'put', sequence: 5, id: undefined },
    { event: 'live', id: '7' },
  ]);
  await kv.put('gone', '');
  await kv.delete('a');
  await kv.purge('team/x=1');
  await client.waitForEvents(7);
  expect(parsed(client).slice(4)).toMatchObject([
    { id: '8', topic: 'gone', payload: '', operation: 'put' },
    { id: '9', topic: 'a', payload: null, operation: 'delete' },
    { id: '10', topic: 'team/x=1', payload: null, operation: 'purge' },
  ]);
});

it('sends deletions for every other start, and on resume', async () => {
  const { kv, app: start } = await createBucket({ history: 5 });
  await kv.put('a', '1');
  await kv.delete('a');
  await kv.put('b', '1');
  await kv.purge('b');
  const app = await start();
  for (const [query, first] of [
    ['start=all', 1],
    ['start=last:2', 2],
    ['last-id=1', 2],
  ] as const) {
    const client = await open(app, `topic=>&${query}`);
    await client.waitForEvents(6 - first);
    expect(
      parsed(client)
        .slice(1, 5)
        .map(({ topic, operation }) => [topic, operation]),
    ).toEqual(
      [
        ['a', 'put'],
        ['a', 'delete'],
        ['b', 'purge'],
        [undefined, undefined],
      ].slice(first - 1),
    );
  }
});

it('includes operations in pages of history', async () => {
  const { kv, app: start } = await createBucket({ history: 5 });
  await kv.put('a', '1');
  await kv.put('b', '1');
  await kv.delete('a');
  for (const [window, size] of [
    ['8192', 'envelope'],
    ['1', 'envelope'],
    ['8192', 'raw'],
  ] as const) {
    const app = await start({ WINDOW_MAX_MESSAGES: window, PAYLOAD_FORMAT: size });
    const page = async (query: string): Promise<Record<string, unknown>> => {
      const headers = { accept: 'application/json' };
      const answer = await fetch(`${app.url}/events?topic=>${query}`, { headers });
      return (await answer.json()) as Record<string, unknown>;
    };
    const isRaw = size === 'raw';
    const put = { payload: isRaw ? '1' : 1, operation: 'put' };
    const ofB = { id: '2', topic: 'b', ...put };
    expect(await page('')).toMatchObject({ recovery: 'started', messages: [ofB] });
    expect(await page('&start=all')).toMatchObject({
      messages: [
        { id: '1', topic: 'a', ...put },
        ofB,
        { id: '3', topic: 'a', payload: isRaw ? '' : null, operation: 'delete' },
      ],
      position: '3',
    });
  }
});

it.each([['8192'], ['1']])(
  'does not count deleted keys against the limit of a page of last values, window %s',
  async (window) => {
    const { kv, app: start } = await createBucket({ history: 1 });
    for (const key of ['a', 'b', 'c', 'd']) await kv.put(key, '1');
    for (const key of ['a', 'b']) await kv.delete(key);
    const app = await start({ WINDOW_MAX_MESSAGES: window, LAST_VALUES_MAX_MESSAGES: '0' });
    const headers = { accept: 'application/json' };
    const answer = await fetch(`${app.url}/events?topic=>&limit=2`, { headers });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      messages: [{ topic: 'c' }, { topic: 'd' }],
      more: false,
    });
  },
);

it('announces keys that the server removes at a limit', async () => {
  if (/^2\.(9|10)\./.test(nats.version)) return;
  const { name, kv, app: start } = await createBucket({ history: 2 });
  const jsm = await connection.jetstreamManager();
  const { config } = await jsm.streams.info(`KV_${name}`);
  const limits = { allow_msg_ttl: true, subject_delete_marker_ttl: 1_000_000_000 };
  await jsm.streams.update(`KV_${name}`, { ...config, ...limits });
  const app = await start();
  const client = await open(app, 'topic=short&topic=long');
  await kv.put('long', '1');
  const ttl = headers();
  ttl.set('Nats-TTL', '1s');
  await connection.jetstream().publish(`$KV.${name}.short`, 'x', { headers: ttl });
  await client.waitForEvents(5);
  expect(parsed(client).slice(2)).toMatchObject([
    { topic: 'long', operation: 'put' },
    { topic: 'short', payload: 'x', operation: 'put' },
    { id: '3', topic: 'short', payload: null, operation: 'purge' },
  ]);
  const late = await open(app, 'topic=>');
  await late.waitForEvents(3);
  expect(parsed(late).map(({ topic }) => topic)).toEqual([undefined, 'long', undefined]);
});

it('sends a deletion as an empty event with raw payloads', async () => {
  const { kv, app: start } = await createBucket();
  const app = await start({ PAYLOAD_FORMAT: 'raw', EVENT_TYPE: 'topic' });
  const client = await open(app, 'topic=a');
  await kv.put('a', 'on');
  await kv.delete('a');
  await client.waitForEvents(4);
  expect(client.events.slice(2).map(({ event, data }) => [event, data])).toEqual([
    ['a', 'on'],
    ['a', ''],
  ]);
});

it('parses keys where other hubs parse topics', async () => {
  const { name, kv, app: start } = await createBucket();
  await kv.put('a/b=c', '1');
  await kv.put('a.b', '2');
  const app = await start({ SUBSCRIBER_JWT_KEY: SECRET });
  const headers = (subscribe: string): Record<string, string> => ({
    accept: 'text/event-stream',
    authorization: `Bearer ${signToken('HS256', SECRET, { subscribe })}`,
  });
  for (const [path, key, payload] of [
    ['?topic=a/b%3Dc', 'a/b=c', 1],
    ['/a%2Fb=c', 'a/b=c', 1],
    ['/a/b', 'a.b', 2],
  ] as const) {
    const client = await RawSse.open(`${app.url}/events${path}`, { headers: headers(key) });
    await client.waitForEvents(3);
    expect(parsed(client)[1]).toMatchObject({ topic: key, payload });
  }
  const statusOf = async (topic: string, filter = '>'): Promise<number> =>
    (await fetch(`${app.url}/events?topic=${topic}`, { headers: headers(filter) })).status;
  expect(await statusOf('a/b=c', 'a/b=d')).toBe(403);
  for (const topic of ['$a', 'a..b', '.a', 'a%20b', 'a%5Cb', 'x'.repeat(257)]) {
    expect(await statusOf(topic)).toBe(400);
  }
  const ordinary = await startApp({ nats }, { STREAM_NAME: `KV_${name}`, TOPIC_PREFIX: '' });
  expect((await fetch(`${ordinary.url}/events?topic=a/b`)).status).toBe(400);
});

it('starts live if default_start is live', async () => {
  const { kv, app: start } = await createBucket();
  await kv.put('a', '1');
  const app = await start({ DEFAULT_START: 'live' });
  const client = await open(app, 'topic=a');
  await kv.put('a', '2');
  await client.waitForEvents(2);
  expect(parsed(client)).toMatchObject([{ recovery: 'live' }, { payload: 2, id: '2' }]);
});

it('works with the permissions of docs/nats-permissions.md', async () => {
  const page = readFileSync(join(process.cwd(), 'docs/nats-permissions.md'), 'utf8');
  const section = page.split('## Over a bucket\n')[1]?.split('\n## ')[0] ?? '';
  const allowed = [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, subject]) => subject);
  const guarded = await startNats({
    config: `authorization { users: [
      { user: "admin", password: "admin" }
      { user: "nuts", password: "nuts", permissions: {
        publish: { allow: ${JSON.stringify(allowed)} }, subscribe: { allow: ["_INBOX.>"] } } }
      { user: "writer", password: "writer", permissions: {
        publish: { allow: ${JSON.stringify([...allowed, '$KV.flags.>'])} }
        subscribe: { allow: ["_INBOX.>"] } } }
    ] }`,
  });
  const admin = await connect({ servers: guarded.url, user: 'admin', pass: 'admin' });
  disposeAtEnd(() => admin.close());
  const kv = await admin.jetstream().views.kv('flags', { history: 2 });
  for (const key of ['a', 'b', 'c', 'd']) await kv.put(key, '1');
  await kv.delete('b');
  const env = { KV_BUCKET: 'flags', NATS_USER: 'nuts', NATS_PASSWORD: 'nuts' };
  const app = await startApp(
    { nats: guarded },
    { ...BUCKET_ENV, ...env, WINDOW_MAX_MESSAGES: '1' },
  );
  for (const query of ['topic=a&topic=b&topic=d', 'topic=a&topic=d&start=last:2']) {
    const client = await open(app, query);
    await client.waitForEvents(4);
    expect(parsed(client).map(({ topic }) => topic)).toEqual([undefined, 'a', 'd', undefined]);
  }
  const writing = { ...BUCKET_ENV, ...env, PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true' };
  const statuses: number[] = [];
  for (const user of ['nuts', 'writer']) {
    const login = { NATS_USER: user, NATS_PASSWORD: user };
    const writer = await startApp({ nats: guarded }, { ...writing, ...login });
    const condition = { 'if-none-match': '*' };
    const answer = await fetch(`${writer.url}/events/b`, { method: 'PUT', headers: condition });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([503, 201]);
});

describe('an invalid bucket', () => {
  const env = { HOST: '127.0.0.1', PORT: '0', NATS_URL: 'localhost:1' };

  it.each<[Record<string, string>, RegExp]>([
    [{ KV_BUCKET: 'a', STREAM_NAME: 'B' }, /KV_BUCKET cannot be combined with STREAM_NAME/],
    [{}, /STREAM_NAME is not set, nor is KV_BUCKET/],
    [{ KV_BUCKET: 'a', TOPIC_PREFIX: 'b.' }, /TOPIC_PREFIX cannot be combined with KV_BUCKET/],
    [{ KV_BUCKET: 'a.b' }, /KV_BUCKET: "a\.b".*name of a key-value bucket/],
  ])('is refused: %j', (settings, message) => {
    expect(() => loadConfiguration({ ...env, ...settings })).toThrow(message);
  });

  it.each([
    ['a bucket that does not exist', 'nowhere', /^kv_bucket: there is no bucket nowhere/],
    ['a stream that is none', 'plain', /^kv_bucket: the stream KV_plain stores no keys/],
  ])('stops startup with an error message: %s', async (_, bucket, message) => {
    const jsm = await connection.jetstreamManager();
    if (bucket === 'plain') await jsm.streams.add({ name: 'KV_plain', subjects: ['plain.>'] });
    const options = loadConfiguration({ ...env, NATS_URL: nats.url, KV_BUCKET: bucket });
    const server = await NutsServer.start(options, false);
    disposeAtEnd(() => server.stop());
    const failure = await firstValueFrom(server.failure$.pipe(timeout(8_000)));
    expect(failure.message).toMatch(message);
  });
});

describe('compared with kv.watch()', () => {
  const random = Random.ofRun('buckets');
  const rounds = Number(process.env['BUCKET_ROUNDS'] ?? 4);

  it.each<[string, string, { ttl?: number; history?: number }]>([
    ['', '8192', {}],
    [', from JetStream', '4', { history: 3 }],
    [' that expire', '8192', { ttl: 150 }],
    [' that expire, from JetStream', '4', { ttl: 150, history: 2 }],
  ])('has the same keys and values%s', async (_, window, options) => {
    const { name, kv, app: start } = await createBucket(options);
    const app = await start({ WINDOW_MAX_MESSAGES: window });
    const walk = new BucketWalk(kv, name, await connection.jetstreamManager(), random.fork());
    const follower = await open(app, 'topic=>');
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < 15; i++) await walk.step();
      const before = await walk.watched();
      const client = await open(app, 'topic=>');
      await until(() => client.events.some(({ event }) => event === 'live'));
      const shown = valuesOf(client);
      // Keys expire by themselves: the result is between two reads of the bucket.
      const after = await walk.watched();
      for (const key of new Set([...before.keys(), ...after.keys(), ...shown.keys()])) {
        const value = before.get(key);
        const expired = value !== undefined && walk.hasExpired(value, options.ttl ?? Infinity);
        expect([value, after.get(key), expired ? undefined : value]).toContain(shown.get(key));
      }
      client.abort();
    }
    await walk.mark();
    await until(() => valuesOf(follower).has('mark'));
    if ('ttl' in options) return;
    expect(valuesOf(follower)).toEqual(await walk.watched());
  });
});

/** The keys and values that a client of the stream has. */
function valuesOf({ events }: RawSse): Map<string, string> {
  const values = new Map<string, string>();
  for (const { event, data } of events) {
    if (event !== 'message') continue;
    const { topic, payload, operation } = JSON.parse(data ?? '') as Record<string, string>;
    if (topic === undefined) continue;
    if (operation === 'put') values.set(topic, String(payload));
    else values.delete(topic);
  }
  return values;
}
