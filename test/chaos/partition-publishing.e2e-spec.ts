import { natsBackend } from '../support/nats/nats-backend.js';
import { PartedCluster } from '../support/nats/partition.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { HttpPublisher } from './http-publisher.js';
import { QUICK } from './rig.js';

/** The sequences of each publisher's key, as the stream has them. */
async function keysOf(broker: Broker): Promise<Map<string, number[]>> {
  const keys = new Map<string, number[]>();
  const { state } = await broker.manager.streams.info('EVENTS');
  const consumer = await broker.connection.jetstream().consumers.get('EVENTS');
  for await (const message of await consumer.consume()) {
    if (message.data.length > 0) {
      const { key } = message.json<{ key: string }>();
      keys.set(key, [...(keys.get(key) ?? []), message.seq]);
    }
    if (message.seq >= state.last_seq) break;
  }
  return keys;
}

it('publishers on the side of the old leader store every message once, after the partition', async () => {
  // In containers, members know each other by name.
  if ((await natsBackend()).kind !== 'binary') return;
  const parted = await PartedCluster.start();
  const { servers, url } = parted.cluster;
  const first = await Broker.connect(url);
  await first.createStream({ num_replicas: 3 });
  await until(() => first.publish('events.a'));
  const { cluster } = await first.manager.streams.info('EVENTS');
  const leader = servers.find(({ name }) => name === cluster?.leader);
  const other = servers.find((server) => server !== leader);
  if (leader === undefined || other === undefined) throw new Error('there is no leader');
  const broker = await Broker.connect(other.url);
  const env = { PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true', FLEET: 'parted', PRESENCE: 'true' };
  const service = await Service.start({ env: { ...QUICK, ...env, NATS_URL: leader.url } });
  const publishers = Array.from(
    { length: 4 },
    (_, i) => new HttpPublisher(`${service.url}/events/from/${i}`),
  );
  const stored = (): number[] => publishers.map((publisher) => publisher.stored.size);
  await until(() => stored().every((size) => size > 5));
  parted.isolate(leader);
  await until(() =>
    publishers.every(({ outcomes }) => [...outcomes.keys()].some((s) => s !== '201')),
  );
  // The others go on without it.
  await until(() => broker.publish('events.a', '', 500), { timeoutMs: 20_000 });
  const statusOf = async (path: string): Promise<number> =>
    (await fetch(service.url + path)).status;
  await until(async () => (await statusOf('/readyz')) === 503);
  expect(await statusOf('/events/presence?topic=a')).toBe(200);
  parted.heal(leader);
  const before = stored();
  await until(() => stored().every((size, i) => size > (before[i] ?? 0) + 2), {
    timeoutMs: 20_000,
  });
  await until(async () => (await statusOf('/readyz')) === 200);
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  const found = await keysOf(broker);
  expect([...found].filter(([, sequences]) => sequences.length > 1)).toEqual([]);
  const ids = [...found].map(([key, [sequence]]) => [key, String(sequence)]);
  const sure = publishers.flatMap((publisher) => [...publisher.stored]);
  expect(ids.sort()).toEqual(sure.sort());
  const outcomes = new Set(publishers.flatMap((publisher) => [...publisher.outcomes.keys()]));
  for (const status of ['200', '201', '503', '504', 'lost']) outcomes.delete(status);
  expect(outcomes).toEqual(new Set());
}, 60_000);
