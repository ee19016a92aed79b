import { startNatsCluster } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, Rig, reached } from './rig.js';

/** Heartbeats at their default: the tail's silence would be noticed after two of them. */
const DEFAULT_BEAT = { NATS_IDLE_HEARTBEAT: '10' };
const DUE_MS = 2000;

/** Publishes every 20 ms until the client gets one of them, and tells how long that took, in ms. */
async function silenceOf(broker: Broker, client: ResumingClient): Promise<number> {
  const before = client.position;
  const began = performance.now();
  await until(
    async () => {
      await broker.publish('events.a', '"more"').catch(() => undefined);
      return client.position > before;
    },
    { timeoutMs: 40_000, everyMs: 20, what: 'live delivery' },
  );
  return performance.now() - began;
}

it('goes on when an operator pauses the consumer that it reads', async () => {
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

it('goes on when the server that has its consumer is killed, and the stream stays', async () => {
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
  const { cluster: place } = await broker.manager.streams.info('EVENTS');
  const holder = consumer?.cluster?.leader;
  const server = cluster.servers.find(({ name }) => name === holder);
  await server?.kill();
  const silence = await silenceOf(broker, client);
  // A stream that loses its leader too elects another one first.
  expect(silence).toBeLessThan(holder === place?.leader ? 20_000 : 2 * DUE_MS);
  expect(client.history.violations).toEqual([]);
}, 120_000);
