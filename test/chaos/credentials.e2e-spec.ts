import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { OperatorNats } from './operator.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, interruptionsOf, problemsOf, reached } from './rig.js';

const home = mkdtempSync(join(tmpdir(), 'nuts-credentials-'));
afterAll(() => rmSync(home, { recursive: true }));

/** What the NATS part of a readiness probe says. */
async function natsOf({ url }: Service): Promise<string | undefined> {
  const answer = await fetch(`${url}/readyz`);
  const { error } = (await answer.json()) as { error: { nats?: { message: string } } };
  return error.nats?.message;
}

it('credentials that expire are told by the probe, and a renewed file ends the outage', async () => {
  const { operator, server } = await OperatorNats.start();
  const broker = await Broker.connect(server.url, await operator.authentication());
  await broker.createStream();
  const file = join(home, 'service.creds');
  writeFileSync(file, await operator.credentials());
  const link = await TcpProxy.start(server.port);
  const service = await Service.start({
    env: {
      ...QUICK,
      NATS_URL: link.url('nats'),
      NATS_CREDENTIALS: file,
      WINDOW_MAX_MESSAGES: '20',
    },
  });
  const client = new ResumingClient({
    url: () => `${service.url}/events`,
    topics: ['a'],
    random: new Random(1),
  });
  await until(() => client.starts.length === 1);
  writeFileSync(file, await operator.credentials(3));
  link.dropConnections();
  const refused = 'NATS is disconnected: it refused the credentials';
  await until(async () => (await natsOf(service)) === refused);
  const last = await broker.fill(100, () => 'events.a');
  rmSync(file);
  const missing = 'NATS is disconnected: a connection setting, or a file that it names, is invalid';
  await until(async () => (await natsOf(service)) === missing);
  writeFileSync(file, await operator.credentials());
  await reached(client, last);
  expect(problemsOf(client, await broker.stored())).toEqual([]);
  expect(interruptionsOf(client)).toEqual([]);
  await until(async () => (await natsOf(service)) === undefined);
  await until(async () => (await broker.consumers()).length === 1);
});
