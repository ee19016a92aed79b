import { headers as natsHeaders, type Msg } from 'nats';
import { until } from '../../support/until.js';
import { servicesRig } from './requests-rig.js';

const rig = servicesRig();

function respondWith(
  message: Msg,
  payload: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
): void {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(fields)) headers.set(name, value);
  message.respond(typeof payload === 'string' ? Buffer.from(payload) : payload, { headers });
}

describe('the first reply is the body', () => {
  it.each<[string, string | Uint8Array, Record<string, string>, string]>([
    ['JSON', '{"n": 1.0}', {}, 'application/json; charset=utf-8'],
    ['text', 'good day', {}, 'text/plain; charset=utf-8'],
    ['nothing', '', {}, 'text/plain; charset=utf-8'],
    ['bytes', Buffer.from([0xff, 0]), {}, 'application/octet-stream'],
    ['a type of its own', 'a,b', { 'Content-Type': 'text/csv' }, 'text/csv'],
    ['a type in lower case', 'a,b', { 'content-type': 'text/csv' }, 'text/csv'],
    ['a type that is none', '1', { 'Content-Type': 'tëxt' }, 'application/json; charset=utf-8'],
  ])('of %s', async (_what, payload, fields, type) => {
    rig.serve('services.a', (message) => respondWith(message, payload, fields));
    const app = await rig.start();
    const { status, headers, body } = await app.ask('/services/a');
    expect([status, headers['content-type']]).toEqual([200, type]);
    if (typeof payload === 'string') expect(body).toBe(payload);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const before = await rig.subscriptions();
    await until(async () => (await rig.subscriptions()) <= before);
  });

  it('for a body that arrives byte for byte, without headers of the client', async () => {
    const got: { body: string; headers: boolean; subject: string }[] = [];
    rig.serve('services.>', (message) => {
      got.push({
        body: Buffer.from(message.data).toString(),
        headers: message.headers !== undefined,
        subject: message.subject,
      });
      message.respond('ok');
    });
    const app = await rig.start();
    const body = '{ "n": 1.0, "n": 2 }';
    const headers = {
      'content-type': 'application/json',
      'Nats-Msg-Id': 'x',
      'Nats-Rollup': 'all',
      'Nuts-Header-Nats-Msg-Id': 'x',
      'Nats-Reply-To': 'services.b',
    };
    await app.ask('/services/reports/monthly?topic=b&reply=services.c', body, headers);
    expect(got).toEqual([{ body, headers: false, subject: 'services.reports.monthly' }]);
  });
});

describe("errors of the nats package's own services", () => {
  it.each([
    [404, 404],
    [503, 503],
    [599, 599],
    [399, 500],
    [600, 500],
    [1, 500],
  ])('with the code %i have the status %i', async (code, status) => {
    const service = await rig.connection.services.add({ name: 'svc', version: '1.0.0' });
    service.addEndpoint('fail', {
      subject: 'services.fail',
      handler: (_error, message) => void message.respondError(code, 'what went wrong'),
    });
    const app = await rig.start();
    const answer = await app.ask('/services/fail');
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({
      statusCode: status,
      message: 'what went wrong',
    });
    await service.stop();
  });

  it('and their replies are unchanged', async () => {
    const service = await rig.connection.services.add({ name: 'svc', version: '1.0.0' });
    service.addEndpoint('echo', {
      subject: 'services.echo',
      handler: (_error, message) => void message.respond(message.data),
    });
    const app = await rig.start();
    expect((await app.ask('/services/echo', '{"a":1}')).body).toBe('{"a":1}');
    const stream = await app.stream('/services/echo', '{"a":1}');
    const reply = await stream.frame(({ event }) => event === 'reply');
    expect(reply.data).toBe('{"payload":{"a":1}}');
    await service.stop();
  });
});

describe('without a reply', () => {
  it('503 with Retry-After is sent at once if no service is listening', async () => {
    const app = await rig.start({ requestTimeoutMs: 60_000 });
    for (const accept of ['*/*', 'text/event-stream']) {
      const answer = await app.ask('/services/nobody', '', { accept });
      expect(answer.status).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('504 is sent after the timeout', async () => {
    rig.serve('services.silent', () => undefined);
    const app = await rig.start({ requestTimeoutMs: 100 });
    const { status, body } = await app.ask('/services/silent');
    expect([status, JSON.parse(body)]).toMatchObject([504, { message: 'No reply in time' }]);
    expect(app.service.openRequests).toBe(0);
  });

  it('429 with Retry-After is sent above the limit of open requests', async () => {
    const waiting: Msg[] = [];
    rig.serve('services.slow', (message) => waiting.push(message));
    const app = await rig.start({ maxRequests: 2 });
    const open = [app.ask('/services/slow'), app.ask('/services/slow')];
    await until(() => waiting.length === 2);
    const refused = await app.ask('/services/slow');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    for (const message of waiting) message.respond('now');
    for (const { status } of await Promise.all(open)) expect(status).toBe(200);
    expect(app.service.openRequests).toBe(0);
  });
});

describe('an invalid request', () => {
  it.each([
    ['/services', 400],
    ['/services/', 400],
    ['/services/$SYS/REQ', 400],
    ['/services/%24JS/API/INFO', 400],
    ['/services/a//b', 400],
    ['/services/a.', 400],
    ['/services/*', 400],
    ['/services/%3E', 400],
    ['/services/a%2Fb', 400],
    ['/services/a%20b', 400],
    ['/services/a%0d%0ab', 400],
    [`/services/${'a'.repeat(257)}`, 400],
    ['/services/%', 400],
    ['/servicesx', 404],
  ])('%s is %i', async (path, status) => {
    const app = await rig.start();
    expect((await app.ask(path)).status).toBe(status);
  });

  it('to a reply subject of another client', async () => {
    const app = await rig.start({ subjectPrefix: '_' });
    expect((await app.ask('/services/INBOX/abc')).status).toBe(400);
    const other = await rig.start({
      subjectPrefix: 'replies.',
      nats: { servers: [rig.nats.url], inboxPrefix: 'replies.ours' },
    });
    expect((await other.ask('/services/ours/abc')).status).toBe(400);
    expect((await other.ask('/services/theirs')).status).toBe(503);
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('has another method: %s', async (method) => {
    const app = await rig.start();
    const answer = await fetch(`${app.url}/services/a`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  it('is told the allowed methods by a preflight', async () => {
    const app = await rig.start({ cors: { origins: ['https://app.example'] } });
    const headers = { origin: 'https://app.example' };
    const answer = await fetch(`${app.url}/services/a`, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
  });
});
