import type { Msg } from 'nats';
import { BodyMemory, MAX_BODY_BYTES } from '../../libs/publishing/src/body-memory.js';
import { inMs, signToken } from '../../libs/auth/src/tokens.fixture.js';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { HUB_DIRECTORY, type HubDirectory, HubRegistry } from '@nuts/streaming';
import { type ContractStream, startApp, startStream } from '../contract/contract-app.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { RawConnection } from './raw-connection.js';

const SECRET = 'a secret of at least thirty-two bytes';
const SSE = 'text/event-stream';
/** A marker in all data of the other tenant: payload, topic, subject of its token. */
const PRIVATE = 'confidential';

/** The rights of a tenant's token: all actions, on its own topics. */
function bearer(tenant: string, claims: object = {}): { authorization: string } {
  const own = `${tenant}.>`;
  const rights = { subscribe: own, publish: own, request: own, presence: own };
  const token = signToken('HS256', SECRET, { sub: `${tenant}-user`, ...rights, ...claims });
  return { authorization: `Bearer ${token}` };
}

let stream: ContractStream;
let app: NutsServer;
let listener: RawSse;

beforeAll(async () => {
  stream = await startStream();
  app = await startApp(stream, {
    SUBSCRIBER_JWT_KEY: SECRET,
    SUBSCRIBER_JWT_COOKIE: 'token',
    ALLOW_WILDCARDS: 'true',
    PUBLISH: 'true',
    PRESENCE: 'true',
    SERVICES_PATH: '/services',
    SERVICES_SUBJECT_PREFIX: 'services.',
    REQUEST_MAX: '4',
    REQUEST_MAX_PER_CLIENT: '3',
  });
  for (let n = 0; n < 3; n += 1) await stream.publish(`b.${PRIVATE}`, `"${PRIVATE}"`);
  serve(`services.b.${PRIVATE}`, (message) => message.respond(PRIVATE));
  await stream.connection.flush();
  const headers = { accept: SSE, ...bearer('b', { sub: PRIVATE }) };
  listener = await RawSse.open(`${app.url}/events?topic=b.>`, { headers });
});
afterAll(() => app.stop());

function serve(subject: string, handle: (message: Msg) => void): void {
  stream.connection.subscribe(subject, { callback: (_error, message) => handle(message) });
}

interface Attack {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** Every way to name a topic, for every action. */
const ATTACKS: readonly ((topic: string) => Attack)[] = [
  (topic) => ({ path: `/events?topic=${topic}`, headers: { accept: SSE } }),
  (topic) => ({ path: `/events/${topic}`, headers: { accept: SSE } }),
  (topic) => ({ path: `/events?topic=a.own&topic=${topic}`, headers: { accept: SSE } }),
  (topic) => ({ path: `/events?topic=${topic}&last-id=1`, headers: { accept: SSE } }),
  (topic) => ({ path: `/events?topic=${topic}&start=last`, headers: { accept: SSE } }),
  (topic) => ({
    path: `/events?topic=${topic}&start=all`,
    headers: { accept: 'application/json' },
  }),
  (topic) => ({ path: `/events/presence?topic=${topic}` }),
  (topic) => ({ path: `/events?topic=${topic}`, method: 'POST' }),
  (topic) => ({ path: `/events/${topic}`, method: 'POST', headers: { 'idempotency-key': 'k' } }),
  (topic) => ({ path: `/events/${topic}`, method: 'POST', headers: { 'if-none-match': '*' } }),
  (topic) => ({ path: `/events/${topic}`, method: 'POST', headers: { 'if-match': '"3"' } }),
  (topic) => ({ path: `/services/${topic}`, method: 'POST' }),
  (topic) => ({ path: `/services/${topic}`, method: 'POST', headers: { accept: SSE } }),
];

async function send({ path, method, headers }: Attack): Promise<RawSse> {
  const answer = await RawSse.open(app.url + path, {
    method,
    headers: { ...bearer('a'), ...headers },
    ...(method && { body: '1' }),
  });
  if (answer.status !== 200) await answer.ended();
  return answer;
}

it.each([
  ...['>', '*', '*.*', '*.>', 'b.>', 'b.*', `*.${PRIVATE}`, 'a', 'a.>.b', '%3e', '%2a.%2a'],
  ...[`b.${PRIVATE}`, `b%2e${PRIVATE}`, `%62.${PRIVATE}`, `b/${PRIVATE}`, `B.${PRIVATE}`],
  ...[`a.own,b.${PRIVATE}`, `a.own%26topic=b.${PRIVATE}`, `a.own%20b.${PRIVATE}`],
  ...[`.b.${PRIVATE}`, `b..${PRIVATE}`, `a/../b/${PRIVATE}`, `a.%2e%2e.b.${PRIVATE}`],
  ...['a.%00', 'a.own%0d%0a', '%d0%b0.own', '%ef%bd%81.own', 'a%e3%80%82own', '$JS.API.INFO'],
])('a token of a receives nothing with the topic %s', async (topic) => {
  for (const attack of ATTACKS) {
    const answer = await send(attack(topic));
    expect([400, 403]).toContain(answer.status);
    expect(answer.body).not.toContain(PRIVATE);
  }
});

it('an answer does not reveal whether the other tenant has the topic', async () => {
  const said = ({ status, headers, body }: RawSse) => ({ status, body, ...headers, date: '' });
  for (const attack of ATTACKS) {
    const [real, invented] = [`b.${PRIVATE}`, 'b.nothing'];
    const answer = await send(attack(real));
    expect(said(answer)).toEqual(said(await send(attack(invented))));
    expect(answer.status).toBe(403);
  }
});

it('a client subscribed to everything of the other tenant is not visible, and receives nothing', async () => {
  await listener.waitForEvents(1);
  const presence = await send({ path: '/events/presence?topic=a.>&topic=a.own' });
  await presence.ended();
  expect(presence.json()).toMatchObject({ topics: { 'a.own': { streams: 0, clients: [] } } });
  expect((await send({ path: '/events/a/own', method: 'POST' })).status).toBe(201);
  await stream.publish('b.last', '1');
  await listener.waitForEvents(2);
  expect(listener.events[1]?.data).toMatch(/"topic":"b\.last"/);
});

it.each(['/events/a/late', '/services/a/late'])(
  'a body that ends after its token is refused: POST %s',
  async (path) => {
    const stored = jest.fn();
    for (const prefix of ['events', 'services']) serve(`${prefix}.a.late`, stored);
    await stream.connection.flush();
    const exp = inMs(300);
    const connection = await RawConnection.open(app.url);
    const { authorization } = bearer('a', { exp });
    connection.send(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n`);
    connection.send('Content-Length: 2\r\n\r\n1');
    await until(() => Date.now() > exp * 1000);
    connection.send('2');
    await until(() => connection.received.includes('\r\n\r\n'));
    expect(connection.received).toMatch(/^HTTP\/1\.1 401 [^]*www-authenticate: Bearer/i);
    await stream.connection.flush();
    expect(stored).not.toHaveBeenCalled();
    connection.socket.destroy();
  },
);

it('a stream of replies ends when its token expires', async () => {
  let isOver = false;
  serve('services.a.endless', (message) => {
    const timer = setInterval(() => (isOver ? clearInterval(timer) : message.respond('1')), 20);
  });
  await stream.connection.flush();
  const headers = { ...bearer('a', { exp: inMs(500) }), accept: SSE };
  const path = `${app.url}/services/a/endless`;
  const asked = await RawSse.open(path, { method: 'POST', headers, body: '1' });
  try {
    expect(asked.status).toBe(200);
    expect(await asked.ended()).toBe('end');
  } finally {
    isOver = true;
  }
  expect(asked.events[0]).toMatchObject({ event: 'reply' });
  const data = '{"code":401,"message":"Token expired"}';
  expect(asked.events.at(-1)).toMatchObject({ event: 'failed', data });
});

it('incomplete bodies of one client leave room for those of others', async () => {
  const { authorization } = bearer('a');
  const length = 2 ** 20;
  const head =
    'POST /events/a/own HTTP/1.1\r\nHost: x\r\n' +
    `Authorization: ${authorization}\r\nContent-Length: ${length}\r\n\r\n`;
  const open = Array.from({ length: MAX_BODY_BYTES / length }, () => RawConnection.open(app.url));
  const connections = await Promise.all(open);
  for (const connection of connections) connection.send(head + '1'.repeat(length - 1));
  const bodies = app.app.get(BodyMemory, { strict: false });
  const most = connections.length * (length - 1);
  await until(
    () => bodies.bytes === most || connections.filter(({ status }) => status === 503).length > 30,
  );

  const headers = bearer('b');
  const body = '1'.repeat(1000);
  const other = await RawSse.open(`${app.url}/events/b/own`, { method: 'POST', headers, body });
  expect(other.status).toBe(201);
  for (const { socket } of connections) socket.destroy();
  await until(() => bodies.bytes === 0);
  expect((await send({ path: '/events/a/own', method: 'POST' })).status).toBe(201);
});

it('open requests end when the streams of their client are closed', async () => {
  serve('services.*.held', (message) => message.respond('1'));
  await stream.connection.flush();
  const ask = async (tenant: string): Promise<RawSse> => {
    const headers = { accept: SSE, ...bearer(tenant) };
    const asked = await send({ path: `/services/${tenant}/held`, method: 'POST', headers });
    await asked.waitForEvents(1);
    return asked;
  };
  const [theirs, other] = [await ask('a'), await ask('b')];
  app.app.get(HubRegistry, { strict: false }).closeStreamsOf('a-user');
  expect(await theirs.ended()).toBe('end');
  const data = '{"code":401,"message":"Token no longer valid"}';
  expect(theirs.events.at(-1)).toMatchObject({ event: 'failed', data });
  expect(other.over).toBeUndefined();
  other.abort();
});

it('open requests of one client do not use up those of others', async () => {
  serve('services.a.slow', () => undefined);
  await stream.connection.flush();
  const slow = { path: '/services/a/slow', method: 'POST', headers: { accept: SSE } };
  const open = await Promise.all(Array.from({ length: 6 }, () => send(slow)));
  expect(open.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429, 429]);
  const echo = { path: `/services/b/${PRIVATE}`, method: 'POST', headers: bearer('b') };
  const other = await send(echo);
  await other.ended();
  expect([other.status, other.body]).toEqual([200, PRIVATE]);
  for (const each of open) each.abort();
  await until(async () => {
    const again = await send(slow);
    again.abort();
    return again.status === 200;
  });
});

it.each([
  ['stream', SSE],
  ['page', 'application/json'],
])('a token that expired while a %s was planned opens nothing', async (_kind, accept) => {
  await stream.publish('a.old', '1');
  const [hub] = app.app.get<HubDirectory>(HUB_DIRECTORY, { strict: false }).hubs();
  if (hub === undefined) throw new Error('there is no hub');
  const exp = inMs(300);
  const late =
    <A extends unknown[], R>(open: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await until(() => Date.now() > exp * 1000);
      return open(...given);
    };
  const [open, page] = [late(hub.open.bind(hub)), late(hub.page.bind(hub))];
  jest.spyOn(hub, 'open').mockImplementation(open);
  jest.spyOn(hub, 'page').mockImplementation(page);
  const headers = { accept, ...bearer('a', { exp }) };
  const answer = await RawSse.open(`${app.url}/events?topic=a.old&start=all`, { headers });
  jest.restoreAllMocks();
  expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="nuts"']);
  await answer.ended();
  const body = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };
  expect(answer.json()).toEqual(body);
});
