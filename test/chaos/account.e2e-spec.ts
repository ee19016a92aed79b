import { startNats } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, interruptionsOf, reached } from './rig.js';

/** The service is `svc`; whoever gives no name is `admin`. */
const users = (permissions = ''): string => `no_auth_user: admin
authorization { users [
  { user: svc, password: pw ${permissions && `, permissions { publish { deny: "${permissions}" } }`} },
  { user: admin, password: pw } ] }`;

async function serviceOf(url: string): Promise<{ service: Service; client: ResumingClient }> {
  const service = await Service.start({
    env: {
      ...QUICK,
      NATS_URL: url.replace('nats://', 'nats://svc:pw@'),
      PUBLISH: 'true',
      PUBLISH_ANONYMOUS: 'true',
      WINDOW_MAX_MESSAGES: '20',
    },
  });
  const client = new ResumingClient({
    url: () => `${service.url}/events`,
    topics: ['a'],
    random: new Random(1),
  });
  await until(() => client.starts.length === 1);
  return { service, client };
}

const statusOf = async (service: Service, path: string, init?: RequestInit): Promise<number> => {
  const answer = await fetch(service.url + path, init);
  await answer.text();
  return answer.status;
};
const post = (service: Service, body: string): Promise<number> =>
  statusOf(service, '/events/a', {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain' },
  });

it('permissions revoked and granted again: live messages continue, history is refused meanwhile', async () => {
  const server = await startNats({ config: users() });
  const broker = await Broker.connect(server.url);
  await broker.createStream();
  await broker.fill(100, () => 'events.a');
  const { service, client } = await serviceOf(server.url);
  await server.reload(users('$JS.API.>'));
  // Its consumer is a push consumer, which sends no requests.
  await reached(client, await broker.publish('events.a'));
  const page = { headers: { accept: 'application/json' } };
  const history = (): Promise<number> =>
    statusOf(service, '/events?topic=a&start=all&limit=5', page);
  expect(await history()).toBe(503);
  await until(async () => (await statusOf(service, '/readyz')) === 503, { timeoutMs: 20_000 });
  await server.reload(users());
  await until(async () => (await statusOf(service, '/readyz')) === 200, { timeoutMs: 20_000 });
  expect(await history()).toBe(200);
  await reached(client, await broker.publish('events.a'));
  expect([client.history.violations, interruptionsOf(client)]).toEqual([[], []]);
  const [error] = service.output.match(/no permission[^"]*|Permissions Violation[^"]*/) ?? [];
  expect(error).toBeDefined();
}, 60_000);

it('user removed and added again: unready meanwhile, and nothing is lost', async () => {
  const server = await startNats({ config: users() });
  const broker = await Broker.connect(server.url);
  await broker.createStream();
  const { service, client } = await serviceOf(server.url);
  await server.reload(users().replace(/\{ user: svc.*/, ''));
  await until(async () => (await statusOf(service, '/readyz')) === 503);
  expect(await post(service, 'x')).toBe(503);
  const refusals = (): unknown[] =>
    service.logs.filter(({ error }) => /refused the credentials/.test(String(error)));
  // One per connection, however often it retries.
  await until(() => (server.log.match(/authentication error/gi) ?? []).length >= 10, {
    what: () => `ten attempts; the server said ${server.log.slice(-500)}`,
  });
  const last = await broker.fill(100, () => 'events.a');
  expect(refusals()).toHaveLength(2);
  await server.reload(users());
  await reached(client, last);
  await until(async () => (await statusOf(service, '/readyz')) === 200);
  expect([client.history.violations, interruptionsOf(client)]).toEqual([[], []]);
  await until(async () => (await broker.consumers()).length === 1, { timeoutMs: 15_000 });
}, 60_000);

it('storage used up: publishing is refused, delivery continues', async () => {
  const server = await startNats({
    config: `no_auth_user: svc
      accounts { A { jetstream { max_file: 100000, max_mem: 100000 }, users [ { user: svc, password: pw } ] } }`,
  });
  const broker = await Broker.connect(server.url);
  await broker.createStream();
  const { service, client } = await serviceOf(server.url);
  const statuses: number[] = [];
  for (let i = 0; i < 20; i++) statuses.push(await post(service, 'x'.repeat(10_000)));
  expect(new Set(statuses)).toEqual(new Set([201, 507]));
  expect(await statusOf(service, '/readyz')).toBe(200);
  await reached(client, statuses.filter((status) => status === 201).length);
  await broker.manager.streams.purge('EVENTS');
  expect(await post(service, 'x')).toBe(201);
  await reached(client, await broker.publish('events.a'));
  expect([client.history.violations, interruptionsOf(client)]).toEqual([[], []]);
});

it('max_payload reduced, then the stream sealed: publishing is refused, delivery continues', async () => {
  const server = await startNats({ config: users() });
  const broker = await Broker.connect(server.url);
  await broker.createStream();
  const { service, client } = await serviceOf(server.url);
  await server.reload(`${users()}\nmax_payload: 2000`);
  // The server announces its new limit only by closing a connection that exceeds it.
  const statuses = new Set<number>();
  await until(async () => {
    const status = await post(service, 'x'.repeat(5000));
    statuses.add(status);
    return status === 413;
  });
  expect([200, 201, 500].filter((status) => statuses.has(status))).toEqual([]);
  await until(async () => (await post(service, 'small')) === 201);
  // From then on, it is known: no further connection is lost.
  expect(await post(service, 'x'.repeat(5000))).toBe(413);
  expect(await post(service, 'small')).toBe(201);
  const ends = service.logs.filter(({ msg }) => msg === 'NATS disconnect');
  expect(ends.map(({ connection }) => connection)).toEqual(['main']);
  await reached(client, await broker.publish('events.a'));
  const { config } = await broker.manager.streams.info('EVENTS');
  const sealed = { ...config, sealed: true };
  await broker.manager.streams.update('EVENTS', sealed);
  expect(await post(service, 'small')).toBe(409);
  expect(await statusOf(service, '/readyz')).toBe(200);
  expect(
    await statusOf(service, '/events?topic=a&start=all', {
      headers: { accept: 'application/json' },
    }),
  ).toBe(200);
  expect([client.history.violations, interruptionsOf(client)]).toEqual([[], []]);
});
