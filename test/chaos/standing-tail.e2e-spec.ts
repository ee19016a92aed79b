import { AckPolicy } from 'nats';
import { startNatsCluster } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, Rig, reached } from './rig.js';

/** Heartbeats at their default: the tail's silence would be noticed after two of them. */
const DEFAULT_BEAT = { NATS_IDLE_HEARTBEAT: '10' };
/** Two seconds plus a margin for a busy machine: far below two heartbeats. */
const DUE_MS = 6000;

/** How long a message takes to the client once the stream has stored it, in ms. */
async function silenceOf(broker: Broker, client: ResumingClient): Promise<number> {
  // One that an election cuts off is sent again soon.
  const stored = await until(
    () => broker.publish('events.a', '"more"', 200).catch(() => undefined),
    { timeoutMs: 40_000, what: 'a stored message' },
  );
  const began = performance.now();
  await until(() => client.position >= stored, { timeoutMs: 40_000, what: 'live delivery' });
  return performance.now() - began;
}

/** Resolves when the cluster accepts a new consumer, to the time that this took, in ms. */
async function untilReadable(broker: Broker): Promise<number> {
  const began = performance.now();
  const config = { ack_policy: AckPolicy.None, mem_storage: true, inactive_threshold: 1e9 };
  await until(() => broker.manager.consumers.add('EVENTS', config).catch(() => undefined), {
    timeoutMs: 40_000,
    what: 'a new consumer',
  });
  return performance.now() - began;
}

it('continues if an operator pauses its consumer', async () => {
  const rig = await Rig.start({ env: DEFAULT_BEAT });
  const client = rig.client();
  await until(() => client.starts.length === 1);
  await reached(client, await rig.broker.publish('events.a'));
  const [consumer] = await rig.broker.manager.consumers.list('EVENTS').next();
  const pause = JSON.stringify({ pause_until: new Date(Date.now() + 600_000).toISOString() });
  const subject = `$JS.API.CONSUMER.PAUSE.EVENTS.${consumer?.name ?? ''}`;
  const answer = await rig.broker.connection.request(subject, pause);
  expect(answer.json()).toMatchObject({ paused: true });
  expect(await silenceOf(rig.broker, client)).toBeLessThan(DUE_MS);
  expect([client.connections, client.history.violations]).toEqual([1, []]);
});

it('continues if the server of its consumer is killed, and the stream is kept', async () => {
  const cluster = await startNatsCluster(3);
  const broker = await Broker.connect(cluster.url);
  await broker.createStream({ num_replicas: 3 });
  const service = await Service.start({
    env: { ...QUICK, ...DEFAULT_BEAT, NATS_URL: cluster.url },
  });
  const client = new ResumingClient({
    url: () => `${service.url}/events`,
    topics: ['a'],
    random: new Random(1),
  });
  await until(() => client.starts.length === 1);
  await reached(client, await broker.publish('events.a'));
  const [consumer] = await broker.manager.consumers.list('EVENTS').next();
  const server = cluster.servers.find(({ name }) => name === consumer?.cluster?.leader);
  await server?.kill();
  const [silence, elected] = await Promise.all([silenceOf(broker, client), untilReadable(broker)]);
  // The killed server may have led the stream or the cluster too: nobody reads before an election.
  expect(silence).toBeLessThan(elected + DUE_MS);
  expect(client.history.violations).toEqual([]);
}, 120_000);
