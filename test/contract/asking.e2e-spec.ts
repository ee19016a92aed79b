import { headers as natsHeaders, type Msg } from 'nats';
import { signToken } from '../../libs/auth/src/tokens.fixture.js';
import type { NutsServer } from '../../src/server/nuts-server.js';
import { RawSse } from '../support/raw-sse.js';
import { until } from '../support/until.js';
import { type ContractStream, startApp, startStream } from './contract-app.js';

const SECRET = 'a secret of at least thirty-two bytes';
const bearer = (claims: object): string => `Bearer ${signToken('HS256', SECRET, claims)}`;

let stream: ContractStream;
beforeAll(async () => {
  stream = await startStream();
});

const SERVICES = {
  SERVICES_PATH: '/services',
  SERVICES_SUBJECT_PREFIX: 'services.',
  SUBSCRIBER_JWT_KEY: SECRET,
};

function serve(subject: string, handle: (message: Msg) => void): void {
  stream.connection.subscribe(subject, { callback: (_error, message) => handle(message) });
}

function ask(
  app: NutsServer,
  subject: string,
  headers: Record<string, string> = {},
  body = '{}',
): Promise<RawSse> {
  const authorization = bearer({ request: '>' });
  return RawSse.open(`${app.url}/services/${subject}`, {
    method: 'POST',
    headers: { authorization, ...headers },
    body,
  });
}

async function metric(app: NutsServer, series: string): Promise<number> {
  const text = await (await fetch(`${app.managementUrl ?? app.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1],
  );
}

describe('requests to services (contract §11)', () => {
  let app: NutsServer;
  beforeAll(async () => {
    serve('services.echo', (message) => message.respond(message.data));
    serve('services.reports.monthly', (message) => {
      for (let page = 1; page <= 40; page += 1) {
        const headers = natsHeaders();
        headers.set('Nuts-Progress', `${page}/40`);
        message.respond(JSON.stringify({ page }), { headers });
      }
      message.respond('');
    });
    serve('services.silent', () => undefined);
    await stream.connection.flush();
    app = await startApp(stream, { ...SERVICES, REQUEST_TIMEOUT: '0.3', MANAGEMENT_PORT: '0' });
  });

  it('answers with the first reply, limited by the claim', async () => {
    const answer = await ask(app, 'echo', {}, '{ "n": 1.0 }');
    await answer.ended();
    expect([answer.status, answer.body]).toEqual([200, '{ "n": 1.0 }']);
    const others = [bearer({ request: 'reports.>' }), bearer({ publish: '>' }), 'Bearer x'];
    const statuses = others.map(
      async (authorization) => (await ask(app, 'echo', { authorization })).status,
    );
    expect(await Promise.all(statuses)).toEqual([403, 403, 401]);
  });

  it('streams a report with its progress', async () => {
    const report = await ask(app, 'reports/monthly', { accept: 'text/event-stream' });
    await report.ended();
    expect(report.events).toHaveLength(41);
    expect(report.events[2]).toMatchObject({
      event: 'reply',
      id: '3',
      data: '{"payload":{"page":3},"progress":{"done":3,"total":40}}',
    });
    expect(report.events[40]).toMatchObject({ event: 'end', data: '{"replies":40}' });
  });

  it('sends CORS headers on answers and refusals, for a page that sends JSON and a token', async () => {
    const origin = 'https://a.example';
    const preflight = await fetch(`${app.url}/services/echo`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-headers': 'authorization,content-type' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS');
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(
      /Authorization.*Content-Type/,
    );
    for (const [subject, status] of [
      ['echo', 200],
      ['nobody', 503],
      ['silent', 504],
    ] as const) {
      const answer = await ask(app, subject, { origin });
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([
        status,
        origin,
      ]);
    }
  });

  it('counts requests by result, with their duration and replies', async () => {
    const before = await metric(app, 'nuts_request_replies_total{service="/services"}');
    await (await ask(app, 'reports/monthly', { accept: 'text/event-stream' })).ended();
    const silent = await ask(app, 'silent', { accept: 'text/event-stream' });
    await silent.ended();
    expect(silent.events.at(-1)?.event).toBe('failed');
    await until(
      async () =>
        (await metric(app, 'nuts_requests_total{service="/services",result="timeout"}')) >= 1,
    );
    expect(await metric(app, 'nuts_request_replies_total{service="/services"}')).toBe(before + 40);
    expect(
      await metric(app, 'nuts_requests_total{service="/services",result="answered"}'),
    ).toBeGreaterThan(0);
    expect(await metric(app, 'nuts_request_seconds_count{service="/services"}')).toBeGreaterThan(2);
  });

  it('is not served on the management port', async () => {
    const answer = await fetch(`${app.managementUrl}/services/echo`, { method: 'POST' });
    expect(answer.status).toBe(404);
  });

  it('is 503 with Retry-After at once while NATS is disconnected, and works again afterwards', async () => {
    await stream.nats.kill();
    await until(async () => {
      const answer = await ask(app, 'echo');
      return answer.status === 503 && Number(answer.headers['retry-after']) > 0;
    });
    await stream.nats.restart();
    await until(async () => (await ask(app, 'echo')).status === 200);
  });
});

it('a hub at the root does not shadow the services', async () => {
  const app = await startApp(stream, { ...SERVICES, HUB_PATH: '/' });
  serve('services.echo', (message) => message.respond(message.data));
  await until(async () => (await ask(app, 'echo')).status === 200);
  const get = await fetch(`${app.url}/services/echo`);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  const other = await fetch(`${app.url}/servicesx`);
  expect(other.status).toBe(401);
});

it('the shutdown waits for open requests within its window, then fails them', async () => {
  const messages: Msg[] = [];
  serve('services.slow', (message) => messages.push(message));
  const app = await startApp(stream, { ...SERVICES, DRAIN_WINDOW: '0.5' });
  const slow = await ask(app, 'slow', { accept: 'text/event-stream' });
  const quick = ask(app, 'slow');
  await until(() => messages.length === 2);
  const stopped = app.stop();
  messages[1]?.respond('in time');
  expect((await quick).status).toBe(200);
  await slow.ended();
  expect(slow.events.at(-1)).toMatchObject({
    event: 'failed',
    data: '{"code":503,"message":"Shutting down"}',
  });
  await stopped;
});
