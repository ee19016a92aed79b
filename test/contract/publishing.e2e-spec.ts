import { RetentionPolicy, DiscardPolicy, StorageType, type StreamConfig } from 'nats';
import { completeHub, type HubDeclaration } from '@nuts/streaming';
import { signToken } from '../../libs/auth/src/tokens.fixture.js';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

const SECRET = 'a secret of at least thirty-two bytes';
const NAMED = 'https://app.example';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let stream: ContractStream;
let app: NutsServer;

beforeAll(async () => {
  stream = await startStream();
  await stream.jsm.streams.add({
    name: 'SMALL',
    subjects: ['small.>'],
    max_msgs: 3,
    discard: DiscardPolicy.New,
    max_msg_size: 100,
    retention: RetentionPolicy.Limits,
    storage: StorageType.Memory,
  });
  await stream.jsm.streams.add({ name: 'NEWEST', subjects: ['newest.>'], max_msgs_per_subject: 1 });
  await stream.jsm.streams.add({ name: 'FEW', subjects: ['few.>'], max_msgs: 2 });
  await stream.jsm.streams.add({ name: 'SEALED', subjects: ['sealed.>'] });
  await stream.js.publish('sealed.a', '1');
  const { config } = await stream.jsm.streams.info('SEALED');
  // The client's types do not allow this update.
  const sealed: Partial<StreamConfig> = { ...config, sealed: true };
  await stream.jsm.streams.update('SEALED', sealed);
  await stream.jsm.streams.add({ name: 'SILENT', subjects: ['silent.>'], no_ack: true });
  const env = {
    PUBLISH: 'true',
    PUBLISH_HEADERS: 'Kind, X-Author',
    TRACE_CONTEXT: 'true',
    SUBSCRIBER_JWT_KEY: SECRET,
    SUBSCRIBER_JWT_COOKIE: 'token',
    ALLOWED_ORIGINS: NAMED,
  };
  app = await startApp(stream, env, (options) => {
    const [first] = options.hubs;
    if (first === undefined) throw new Error('no hub');
    const hub = (declaration: Partial<HubDeclaration> & { path: string }) =>
      completeHub({
        nats: first.nats,
        stream: 'EVENTS',
        topicPrefix: 'events.',
        publish: { anonymous: true },
        ...declaration,
      });
    return {
      ...options,
      hubs: [
        first,
        hub({ path: '/open', format: { eventId: 'sequence_time' } }),
        hub({ path: '/limited', publish: { anonymous: true, maxBytes: 1000, rate: 1 } }),
        hub({ path: '/small', stream: 'SMALL', topicPrefix: 'small.' }),
        hub({ path: '/newest', stream: 'NEWEST', topicPrefix: 'newest.' }),
        hub({ path: '/few', stream: 'FEW', topicPrefix: 'few.' }),
        hub({ path: '/wide', stream: 'SMALL', topicPrefix: '' }),
        hub({ path: '/sealed', stream: 'SEALED', topicPrefix: 'sealed.' }),
        hub({ path: '/silent', stream: 'SILENT', topicPrefix: 'silent.' }),
        hub({ path: '/read', publish: undefined }),
      ],
    };
  });
});
afterAll(() => app.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

interface Sent {
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

async function post(
  path: string,
  { body = '1', headers = {}, method = 'POST' }: Sent = {},
): Promise<Answer> {
  const answer = await fetch(app.url + path, { method, body, headers });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

const bearer = (claims: object): Record<string, string> => ({
  authorization: `Bearer ${signToken('HS256', SECRET, claims)}`,
});
const cookie = (claims: object): Record<string, string> => ({
  cookie: `token=${signToken('HS256', SECRET, claims)}`,
});
const all = { publish: '>' };
const stored = async (id: unknown): Promise<Buffer> => {
  const message = await stream.jsm.streams.getMessage('EVENTS', { seq: Number(id) });
  return Buffer.from(message.data);
};

describe('POST (contract §10)', () => {
  it('stores the body byte for byte, and subscribers receive it with the ID of the answer', async () => {
    const client = await RawSse.open(`${app.url}/events/chat/room`, {
      headers: { accept: 'text/event-stream', ...bearer({ subscribe: '>' }) },
    });
    await client.waitForEvents(1);
    const text = '{ "n" : 1.0, "big": 12345678901234567890 }';
    const byPath = await post('/events/chat/room', { body: text, headers: bearer(all) });
    expect([byPath.status, byPath.body]).toEqual([
      201,
      { id: expect.stringMatching(/^\d+$/) as string, topic: 'chat.room', duplicate: false },
    ]);
    expect((await stored(byPath.body['id'])).toString()).toBe(text);
    await client.waitForEvents(2);
    expect(client.events[1]?.id).toBe(byPath.body['id']);
    client.abort();
    const bytes = Uint8Array.of(0, 255, 10, 13);
    const byQuery = await post('/events?topic=raw', { body: bytes, headers: bearer(all) });
    expect(byQuery.status).toBe(201);
    expect(await stored(byQuery.body['id'])).toEqual(Buffer.from(bytes));
    const empty = await post('/events/empty/?x=1', { body: '', headers: bearer(all) });
    expect([empty.status, (await stored(empty.body['id'])).length]).toEqual([201, 0]);
  });

  it.each([
    ['/events', 400, 'No topics specified. Use ?topic=name or path-based topic'],
    ['/events?topic=a&topic=b', 400, 'Too many topics requested'],
    ['/events?topic=a.*', 400, 'Invalid topic name'],
    ['/events?topic=%3E', 400, 'Invalid topic name'],
    ['/events/$JS/API/STREAM/INFO', 400, 'Invalid topic name'],
    ['/events/a%2Fb', 400, 'Invalid topic name'],
    ['/events?topic=..a', 400, 'Invalid topic name'],
  ])('refuses %s with %i %s', async (path, status, message) => {
    const answer = await post(path, { headers: bearer(all) });
    expect(answer.body).toMatchObject({ statusCode: status, message });
  });

  it('validates JSON content types only', async () => {
    const json = { 'content-type': 'application/json; charset=utf-8' };
    const bad = ['', '{', '{"a":1,}', "{'a':1}", 'NaN', '\ufeff1', '1 2'];
    for (const body of bad) {
      const { status, body: answer } = await post('/open/a', { body, headers: json });
      expect([body, status, answer['message']]).toEqual([body, 400, 'Invalid JSON payload']);
      expect(
        (await post('/open/a', { body, headers: { 'content-type': 'text/plain' } })).status,
      ).toBe(201);
    }
    const notUtf8 = Uint8Array.of(0x22, 0xff, 0x22);
    expect((await post('/open/a', { body: notUtf8, headers: json })).status).toBe(400);
    expect((await post('/open/a', { body: ' "ü" ', headers: json })).status).toBe(201);
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect([201, 400]).toContain((await post('/open/a', { body: deep, headers: json })).status);
  });

  it('stores a message once under an idempotency key', async () => {
    const headers = { ...bearer(all), 'idempotency-key': 'order 7 ~' };
    const first = await post('/events/once', { headers });
    const second = await post('/events/once', { body: 'other', headers });
    expect(first.status).toBe(201);
    expect([second.status, second.body]).toEqual([200, { ...first.body, duplicate: true }]);
    for (const key of ['', 'x'.repeat(257), '\u00fc']) {
      const { status, body } = await post('/events/once', {
        headers: { ...bearer(all), 'idempotency-key': key },
      });
      expect([key, status, body['message']]).toEqual([
        key,
        400,
        'Invalid Idempotency-Key: must be one value of 1 to 256 printable ASCII characters',
      ]);
    }
  });

  it('refuses an idempotency key that was used for another topic', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    const mine = await post('/open/once/mine', { headers });
    const other = await post('/open/once/other', { body: '"other"', headers });
    expect([mine.status, other.status]).toEqual([201, 409]);
    expect(other.body['message']).toMatch(
      /^This Idempotency-Key was already used for a message of another topic/,
    );
    expect((await post('/open/once/mine', { headers })).status).toBe(200);
  });

  it('refuses it also if that message has been replaced since', async () => {
    const put = (path: string, key?: string) =>
      post(path, { headers: key === undefined ? {} : { 'idempotency-key': key } });
    await put('/newest/mine');
    await put('/newest/other', 'order-2');
    await put('/newest/other');
    expect((await put('/newest/mine', 'order-2')).status).toBe(409);
    expect((await put('/newest/third', 'order-2')).status).toBe(409);
    // Replaced by a later one of its own topic: the repeated request was stored.
    const first = await put('/newest/mine', 'order-3');
    await put('/newest/mine');
    expect(await put('/newest/mine', 'order-3')).toMatchObject({
      status: 200,
      body: { ...first.body, duplicate: true },
    });
  });

  it('recognizes its own message even if limits of the stream have removed it', async () => {
    const headers = { 'idempotency-key': 'order-4' };
    const first = await post('/few/mine', { headers });
    for (let n = 0; n < 3; n += 1) await post('/few/other');
    expect((await post('/few/mine', { headers })).body).toEqual({ ...first.body, duplicate: true });
  });

  it('stores if a condition is met', async () => {
    const path = '/open/cond';
    const none = { 'if-none-match': '*' };
    const first = await post(path, { headers: none });
    expect(first.status).toBe(201);
    const conflict = await post(path, { headers: none });
    expect([conflict.status, conflict.body['error']]).toEqual([412, 'Precondition Failed']);
    const id = String(first.body['id']);
    expect(id).toMatch(/^\d+-\d+$/);
    const second = await post(path, { headers: { 'if-match': `"${id}"` } });
    expect(second.status).toBe(201);
    expect((await post(path, { headers: { 'if-match': `"${id}"` } })).status).toBe(412);
    const [sequence] = String(second.body['id']).split('-');
    expect((await post(path, { headers: { 'if-match': `"${sequence}-5"` } })).status).toBe(412);
    expect((await post(path, { headers: { 'if-match': `"${sequence}"` } })).status).toBe(201);
    const malformed: Record<string, string>[] = [
      { 'if-match': '*' },
      { 'if-match': '"a"' },
      { 'if-match': `W/"${sequence}"` },
      { 'if-match': '"1", "2"' },
      { 'if-none-match': '"1"' },
      { 'if-match': '"1"', 'if-none-match': '*' },
    ];
    for (const headers of malformed) {
      expect((await post(path, { headers })).status).toBe(400);
    }
    expect((await post(path, { headers: { 'if-match': '"0"' } })).status).toBe(412);
  });

  it('recognizes a repeated conditional request that was stored', async () => {
    const path = '/open/conditions/again';
    let condition: Record<string, string> = { 'if-none-match': '*' };
    for (const key of ['first', 'second']) {
      const headers = { ...condition, 'idempotency-key': `again-${key}` };
      const stored = await post(path, { headers });
      const repeated = await post(path, { headers });
      expect([stored.status, repeated.status]).toEqual([201, 200]);
      expect(repeated.body).toEqual({ ...stored.body, duplicate: true });
      condition = { 'if-match': `"${String(stored.body['id'])}"` };
    }
    const late = { 'if-none-match': '*', 'idempotency-key': 'again-other' };
    expect((await post(path, { headers: late })).status).toBe(412);
  });

  it('answers with the ID of the event, including its time', async () => {
    const client = await RawSse.open(`${app.url}/open/timed`);
    await client.waitForEvents(1);
    const { body } = await post('/open/timed');
    await client.waitForEvents(2);
    expect(client.events[1]?.id).toBe(body['id']);
    client.abort();
  });

  it('stores allowed headers in their configured spelling, and no others', async () => {
    const { status, body } = await post('/events/h', {
      headers: {
        ...bearer(all),
        'nuts-header-kind': 'created',
        'nuts-header-x-author': Buffer.from('Jürgen').toString('latin1'),
        'nuts-header-nats-msg-id': 'evil',
        'nuts-header-nats-rollup': 'all',
        'nats-ttl': '1s',
        traceparent: TRACE,
      },
    });
    expect(status).toBe(201);
    const message = await stream.jsm.streams.getMessage('EVENTS', { seq: Number(body['id']) });
    const names = message.header.keys().filter((name) => name !== 'Nats-Expected-Stream');
    expect(names.sort()).toEqual(['Kind', 'X-Author', 'traceparent']);
    expect(message.header.get('Kind')).toBe('created');
    expect(message.header.get('X-Author')).toBe('Jürgen');
  });

  it('forwards a valid trace context to clients', async () => {
    const client = await RawSse.open(`${app.url}/events/traced`, {
      headers: { accept: 'text/event-stream', ...bearer({ subscribe: '>' }) },
    });
    await client.waitForEvents(1);
    for (const traceparent of [TRACE, `${TRACE}-x`, TRACE.replace('00-', 'ff-')]) {
      await post('/events/traced', { headers: { ...bearer(all), traceparent } });
    }
    await client.waitForEvents(4);
    const traces = client.events
      .slice(1)
      .map(({ data }) => (JSON.parse(data ?? '') as { trace?: string }).trace);
    expect(traces).toEqual([TRACE, undefined, undefined]);
    client.abort();
  });
});

describe('permission to publish', () => {
  it('requires the claim', async () => {
    expect((await post('/events/a')).status).toBe(401);
    expect((await post('/events/a', { headers: { authorization: 'Basic eDp5' } })).status).toBe(
      401,
    );
    for (const claims of [{}, { subscribe: '>' }, { publish: 'b' }, { publish: 'a.>' }]) {
      const { status, body } = await post('/events/a', { headers: bearer(claims) });
      expect([status, body['message']]).toEqual([403, 'Forbidden topic']);
    }
    expect((await post('/events/a', { headers: bearer({ publish: [] }) })).status).toBe(401);
    expect((await post('/events/a', { headers: bearer({ publish: ['x', 'a'] }) })).status).toBe(
      201,
    );
    // The claim `publish` does not allow to subscribe.
    const headers = bearer(all);
    expect((await fetch(`${app.url}/events/a`, { headers })).status).toBe(401);
  });

  it('accepts a cookie only from its own and from listed origins', async () => {
    const status = async (origin: string | undefined, more = cookie(all)): Promise<number> =>
      (await post('/events/a', { headers: { ...more, ...(origin && { origin }) } })).status;
    expect(await status(undefined)).toBe(201);
    expect(await status(app.url)).toBe(201);
    expect(await status(NAMED)).toBe(201);
    for (const origin of ['https://evil.example', 'null', app.url.replace(/\d+$/, '1')]) {
      expect([origin, await status(origin)]).toEqual([origin, 403]);
    }
    expect(await status('https://evil.example', bearer(all))).toBe(201);
    expect(await status('https://evil.example', { ...cookie(all), ...bearer(all) })).toBe(201);
  });
});

describe('limits', () => {
  it('413 for a larger body, without reading the rest', async () => {
    const { status, body } = await post('/limited/a', { body: new Uint8Array(1001) });
    expect([status, body['error']]).toEqual([413, 'Payload Too Large']);
    const beyondServer = await post('/open/a', { body: new Uint8Array(1024 * 1024 + 1) });
    expect(beyondServer.status).toBe(413);
    // The stream's own limit, with the server's reason.
    const small = await post('/small/a', { body: new Uint8Array(200) });
    expect([small.status, small.body['message']]).toEqual([
      413,
      expect.stringMatching(/size exceeds maximum/) as string,
    ]);
  });

  it('a body of the full max_payload whose headers exceed it keeps the connection open', async () => {
    const answer = await post('/open/a', {
      body: new Uint8Array(1024 * 1024),
      headers: { 'idempotency-key': 'k'.repeat(256) },
    });
    expect(answer.status).toBe(413);
    expect((await post('/open/a')).status).toBe(201);
  });

  it('429 with Retry-After above the rate', async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => post('/limited/r')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(refused.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true);
  });

  it('507 for a full stream, 409 for a sealed one, 404 for a topic outside', async () => {
    const results: Answer[] = [];
    for (let i = 0; i < 4; i += 1) results.push(await post('/small/full', { body: 'x' }));
    expect(results.map(({ status }) => status)).toEqual([201, 201, 201, 507]);
    expect(results[3]?.body).toEqual({
      statusCode: 507,
      message: 'maximum messages exceeded',
      error: 'Insufficient Storage',
    });
    const sealed = await post('/sealed/a');
    expect([sealed.status, sealed.body['message']]).toEqual([
      409,
      'invalid operation on sealed stream',
    ]);
    // A subject of another stream, and one of a service that would take it for a request.
    let asked = 0;
    stream.connection.subscribe('svc.a', { callback: () => (asked += 1) });
    await stream.connection.flush();
    expect((await post('/wide?topic=events.a')).status).toBe(404);
    expect((await post('/wide?topic=svc.a')).status).toBe(404);
    await stream.connection.flush();
    expect(asked).toBe(0);
  });

  it('reads new subjects of the stream before it refuses', async () => {
    expect((await post('/wide?topic=later.a')).status).toBe(404);
    await stream.jsm.streams.update('SMALL', {
      subjects: ['small.>', 'later.>'],
      max_msgs: 10,
    });
    expect((await post('/wide?topic=later.a')).status).toBe(201);
  });
});

it('504 without an acknowledgment in 5 s, which states that the message may be stored', async () => {
  const began = performance.now();
  const { status, body } = await post('/silent/a');
  expect([status, body['error']]).toEqual([504, 'Gateway Timeout']);
  expect(body['message']).toMatch(/may be stored.*same Idempotency-Key is safe/);
  expect(performance.now() - began).toBeGreaterThan(4_900);
  expect((await stream.jsm.streams.info('SILENT')).state.messages).toBe(1);
}, 30_000);

describe('methods and preflights', () => {
  const preflight = (path: string): Promise<Answer> =>
    post(path, {
      method: 'OPTIONS',
      headers: { origin: NAMED, 'access-control-request-method': 'POST' },
    });

  it('allow POST if the hub accepts it, with the required headers', async () => {
    const { status, headers } = await preflight('/events/a');
    expect([status, headers.get('allow')]).toEqual([204, 'GET, OPTIONS, POST']);
    expect(headers.get('access-control-allow-methods')).toBe('GET, OPTIONS, POST');
    expect(headers.get('access-control-allow-headers')?.split(', ')).toEqual([
      ...['Cache-Control', 'Last-Event-ID', 'Authorization'],
      ...['Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match'],
      ...['Nuts-Header-Kind', 'Nuts-Header-X-Author', 'traceparent'],
    ]);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('405 with Allow elsewhere', async () => {
    const read = await post('/read/a');
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
    const preflighted = await preflight('/read/a');
    expect(preflighted.headers.get('access-control-allow-methods')).toBe('GET, OPTIONS');
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const { status, headers } = await post('/open/a', { method });
      expect([status, headers.get('allow')]).toEqual([405, 'GET, OPTIONS, POST']);
    }
    const probe = await post('/open/livez');
    expect([probe.status, probe.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('answers and refusals have the CORS headers, and are no retry streams', async () => {
    const accept = { accept: 'text/event-stream', origin: NAMED };
    const answer = await post('/events/a', { headers: { ...bearer(all), ...accept } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(NAMED);
    const refused = await post('/events/a', { headers: accept });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(NAMED);
  });
});

it('counts results and durations', async () => {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const value = (name: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  const count = (hub: string, result: string): number =>
    value(`nuts_publishes_total{hub="${hub}",result="${result}"}`);
  expect(count('/open', 'stored')).toBeGreaterThan(10);
  expect(count('/open', 'conflict')).toBe(5);
  expect(count('/open', 'refused')).toBeGreaterThan(10);
  expect(count('/events', 'duplicate')).toBe(1);
  expect(count('/limited', 'refused')).toBeGreaterThan(8);
  expect(count('/limited', 'unknown')).toBe(0);
  expect(count('/silent', 'unknown')).toBe(1);
  expect(value('nuts_publish_seconds_count{hub="/open"}')).toBeGreaterThan(10);
  // No subscription was requested.
  expect(value('nuts_connections_rejected_total{reason="auth_topic_forbidden"}')).toBe(0);
});

it('503 with Retry-After while NATS is disconnected, even for an EventSource; then works again', async () => {
  await stream.nats.kill();
  const away = await until(async () => {
    const answer = await post('/open/a', { headers: { accept: 'text/event-stream' } });
    return answer.status === 503 && answer;
  });
  expect(away.body).toMatchObject({ statusCode: 503, message: 'JetStream not available' });
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
  await stream.nats.restart();
  await until(async () => (await post('/open/a')).status === 201, { timeoutMs: 20_000 });
}, 40_000);
