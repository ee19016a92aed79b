import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { OperatorNats } from './operator.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, interruptionsOf, problemsOf, reached } from './rig.js';

const home = mkdtempSync(join(tmpdir(), 'nuts-limits-'));
afterAll(() => rmSync(home, { recursive: true }));

const ENV = { ...QUICK, PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true', WINDOW_MAX_MESSAGES: '20' };

const clientOf = (service: Service): ResumingClient =>
  new ResumingClient({
    url: () => `${service.url}/events`,
    topics: ['a'],
    random: new Random(1),
  });

const statusOf = async (service: Service, path: string, init?: RequestInit): Promise<number> => {
  const answer = await fetch(service.url + path, init);
  await answer.text();
  return answer.status;
};
const readiness = (service: Service): Promise<number> => statusOf(service, '/readyz');

/** After the limit: nothing was lost, and nothing was left behind. */
async function recovered(broker: Broker, service: Service, client: ResumingClient): Promise<void> {
  const last = await until(() => broker.publish('events.a', '', 500));
  await reached(client, last);
  await until(async () => (await readiness(service)) === 200);
  expect(problemsOf(client, await broker.stored())).toEqual([]);
  expect(interruptionsOf(client)).toEqual([]);
  await until(async () => (await broker.consumers()).length === 1);
}

/** One: that of all requests; the tail has none. With none at all, the server ends the connection. */
it.each([1, 0])(
  'more than %i subscriptions are refused: unready until they are not',
  async (subs) => {
    const { operator, server } = await OperatorNats.start();
    const broker = await Broker.connect(server.url, await operator.authentication());
    await broker.createStream();
    const file = join(home, 'service.creds');
    writeFileSync(file, await operator.credentials());
    const link = await TcpProxy.start(server.port);
    const service = await Service.start({
      env: { ...ENV, NATS_URL: link.url('nats'), NATS_CREDENTIALS: file },
    });
    const client = clientOf(service);
    await until(() => client.starts.length === 1);
    await reached(client, await broker.publish('events.a'));
    await operator.limit(server, { subs });
    link.dropConnections();
    const refusals = (): number =>
      service.output.split('maximum subscriptions exceeded').length - 1;
    // The service may believe in one more consumer, until nothing arrives from it.
    await until(async () => refusals() >= 3 && (await readiness(service)) === 503);
    const statuses = new Set<number>();
    const before = refusals();
    await until(async () => {
      statuses.add(await readiness(service));
      return refusals() > before;
    });
    expect(statuses).toEqual(new Set([503]));
    await operator.limit(server, {});
    // The subscriptions of the test's own connection may have been refused too.
    const afterwards = await Broker.connect(server.url, await operator.authentication());
    await recovered(afterwards, service, client);
  },
);

it.each(['the account', 'the server'])(
  'connections beyond the limit of %s: unready until it is lifted',
  async (whose) => {
    const operated = whose === 'the account' ? await OperatorNats.start() : undefined;
    const server = operated?.server ?? (await startNats());
    const operator = operated?.operator;
    const broker = await Broker.connect(server.url, await operator?.authentication());
    await broker.createStream();
    const file = join(home, 'service.creds');
    if (operator) writeFileSync(file, await operator.credentials());
    const link = await TcpProxy.start(server.port);
    const env = { ...ENV, NATS_URL: link.url('nats'), ...(operator && { NATS_CREDENTIALS: file }) };
    const service = await Service.start({ env });
    const client = clientOf(service);
    await until(() => client.starts.length === 1);
    const limit = (most?: number): Promise<void> => {
      if (operator) return operator.limit(server, most === undefined ? {} : { conn: most });
      return server.reload(most === undefined ? '' : `max_connections: ${most}`);
    };
    link.cut();
    await limit(1);
    await until(() => broker.publish('events.a', '', 500));
    link.restore();
    await until(async () => (await readiness(service)) === 503);
    const post = { method: 'POST', body: 'x' };
    expect(await statusOf(service, '/events/a', post)).toBe(503);
    await until(() => /maximum (account active )?connections exceeded/.test(service.output));
    expect(await readiness(service)).toBe(503);
    await limit();
    await recovered(broker, service, client);
    expect(await statusOf(service, '/events/a', post)).toBe(201);
  },
);
