import { connect, type KV } from 'nats';
import { HubPublisher } from '@nuts/streaming';
import { signToken } from '../../libs/auth/src/tokens.fixture.js';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { disposeAtEnd } from '../support/disposal.js';
import { startNats } from '../support/nats/index.js';
import { RawSse } from '../support/raw-sse.js';
import { startApp } from './contract-app.js';

const SECRET = 'a secret of at least thirty-two bytes';
const ENV = { STREAM_NAME: '', TOPIC_PREFIX: '', KV_BUCKET: 'flags', PUBLISH: 'true' };

let kv: KV;
let app: NutsServer;
beforeAll(async () => {
  const nats = await startNats({ domain: 'here' });
  const connection = await connect({ servers: nats.url });
  disposeAtEnd(() => connection.close());
  kv = await connection.jetstream().views.kv('flags', { history: 5 });
  app = await startApp({ nats }, { ...ENV, SUBSCRIBER_JWT_KEY: SECRET, NATS_JS_DOMAIN: 'here' });
});
afterAll(() => app.stop());

const ALL = { subscribe: '>', publish: '>' };
const bearer = (claims: object): Record<string, string> => ({
  authorization: `Bearer ${signToken('HS256', SECRET, claims)}`,
});

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly allow: string | null;
  readonly body: { readonly id?: string; readonly [name: string]: unknown };
}

async function send(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  const answer = await fetch(`${app.url}/events${target}`, {
    method,
    headers: { ...bearer(ALL), ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    etag: answer.headers.get('etag'),
    allow: answer.headers.get('allow'),
    body: (text === '' ? {} : JSON.parse(text)) as Answer['body'],
  };
}

const valueOf = async (key: string): Promise<[string | undefined, string | undefined]> => {
  const entry = await kv.get(key);
  return [entry?.operation, entry?.string()];
};

it('puts and deletes a key, and answers with its revision', async () => {
  const client = await RawSse.open(`${app.url}/events?topic=team/x=1`, {
    headers: { accept: 'text/event-stream', ...bearer(ALL) },
  });
  await client.waitForEvents(2);
  const put = await send(
    'PUT',
    '/team%2Fx=1',
    { 'content-type': 'application/json' },
    '{ "a": 1 }',
  );
  const { id } = put.body;
  expect(put).toMatchObject({
    status: 201,
    etag: `"${id}"`,
    body: { id: expect.stringMatching(/^\d+$/) as string, topic: 'team/x=1', duplicate: false },
  });
  expect(await valueOf('team/x=1')).toEqual(['PUT', '{ "a": 1 }']);
  const posted = await send('POST', '?topic=team/x%3D1', {}, '2');
  expect([posted.status, posted.etag]).toEqual([201, `"${posted.body.id}"`]);
  const deleted = await send('DELETE', '?topic=team/x%3D1');
  expect(deleted).toMatchObject({ status: 200, etag: `"${deleted.body.id}"` });
  expect(await valueOf('team/x=1')).toEqual(['DEL', '']);
  await client.waitForEvents(5);
  const seen = client.events.slice(2).map(({ id: at, data }) => {
    const { topic, payload, operation } = JSON.parse(data ?? '') as Record<string, unknown>;
    return [at, topic, payload, operation];
  });
  expect(seen).toEqual([
    [id, 'team/x=1', { a: 1 }, 'put'],
    [posted.body.id, 'team/x=1', 2, 'put'],
    [deleted.body.id, 'team/x=1', null, 'delete'],
  ]);
});

it('changes and deletes a key only at the expected revision', async () => {
  const first = await send('PUT', '/match', {}, '1');
  const second = await send('PUT', '/match', { 'if-match': first.etag ?? '' }, '2');
  expect(second.status).toBe(201);
  expect((await send('PUT', '/match', { 'if-match': first.etag ?? '' }, '3')).status).toBe(412);
  expect((await send('DELETE', '/match', { 'if-match': first.etag ?? '' })).status).toBe(412);
  expect(await valueOf('match')).toEqual(['PUT', '2']);
  expect((await send('DELETE', '/match', { 'if-match': second.etag ?? '' })).status).toBe(200);
  expect((await send('DELETE', '/match', { 'if-match': 'x' })).status).toBe(400);
});

it('creates a key once, also after it was deleted', async () => {
  const create = (body: string, headers = {}): Promise<Answer> =>
    send('PUT', '/new', { 'if-none-match': '*', ...headers }, body);
  const once = async (): Promise<string | undefined> => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => create(String(i))));
    const made = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(11);
    expect(made).toHaveLength(1);
    return made[0]?.body.id;
  };
  const ids = [await once()];
  await send('DELETE', '/new');
  ids.push(await once());
  await kv.purge('new');
  ids.push(await once());
  const { revision } = (await kv.get('new')) ?? {};
  expect(ids.at(-1)).toBe(String(revision));
  await kv.delete('new');
  const key = { 'idempotency-key': 'once' };
  const made = await create('x', key);
  expect([made.status, made.body['duplicate']]).toEqual([201, false]);
  const again = await create('x', key);
  expect([again.status, again.body]).toMatchObject([200, { id: made.body.id, duplicate: true }]);
});

it('creates a key while others delete it', async () => {
  let created = 0;
  const creating = Array.from({ length: 4 }, async () => {
    for (let i = 0; i < 10; i++) {
      const { status } = await send('PUT', '/busy', { 'if-none-match': '*' }, 'x');
      expect([201, 412]).toContain(status);
      if (status !== 201) continue;
      created++;
      await send('DELETE', '/busy');
    }
  });
  await Promise.all(creating);
  const operations: string[] = [];
  for await (const { operation } of await kv.history({ key: 'busy' })) operations.push(operation);
  expect(created).toBeGreaterThan(0);
  // A value is only ever created where there was none.
  expect(operations.join(' ')).not.toMatch(/PUT PUT/);
});

it('requires the claim `publish`, in the alphabet of keys', async () => {
  for (const [publish, status] of [
    ['a/b', 201],
    ['a.b', 403],
  ] as const) {
    expect((await send('PUT', '/a%2Fb', bearer({ publish }), '1')).status).toBe(status);
  }
  expect((await send('DELETE', '/a%2Fb', bearer({ subscribe: '>' }))).status).toBe(403);
  expect((await send('PUT', '/a%5Cb', {}, '1')).status).toBe(400);
  expect((await send('PUT', '?topic=a&topic=b', {}, '1')).status).toBe(400);
  expect(
    (await send('PUT', '/j', { 'content-type': 'application/json' }, '{')).body['message'],
  ).toContain('Invalid JSON payload');
});

it('allows the methods for keys only in hubs over buckets', async () => {
  const origin = 'https://a.example';
  const preflight = await fetch(`${app.url}/events/a`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'DELETE' },
  });
  expect(preflight.headers.get('access-control-allow-methods')).toBe(
    'GET, OPTIONS, POST, PUT, DELETE',
  );
  const patch = await send('PATCH', '/a', {}, '1');
  expect([patch.status, patch.allow]).toEqual([405, 'GET, OPTIONS, POST, PUT, DELETE']);
  const probe = await send('DELETE', '/livez');
  expect([probe.status, probe.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

it('is available in HubPublisher with the same conditions', async () => {
  const publisher = app.app.get(HubPublisher, { strict: false });
  const put = await publisher.put('/events', 'own/key', { on: true });
  expect(await valueOf('own/key')).toEqual(['PUT', '{"on":true}']);
  await expect(publisher.put('/events', 'own/key', {}, { ifNoneMatch: '*' })).rejects.toMatchObject(
    { kind: 'conflict' },
  );
  await publisher.delete('/events', 'own/key', { ifMatch: put.id });
  expect(await valueOf('own/key')).toEqual(['DEL', '']);
  await publisher.publish('/events', 'own/key', '1', { ifNoneMatch: '*' });
  expect(await valueOf('own/key')).toEqual(['PUT', '1']);
  await expect(publisher.put('/events', 'a b', '1')).rejects.toMatchObject({
    kind: 'invalid_topic',
  });
});
