import { natsBackend } from '../support/nats/nats-backend.js';
import { PartedCluster } from '../support/nats/partition.js';
import type { NatsServer } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, interruptionsOf, problemsOf, reached } from './rig.js';

const FEW = { WINDOW_MAX_MESSAGES: '20', PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true' };

const serviceOf = (url: string): Promise<Service> =>
  Service.start({ env: { ...QUICK, ...FEW, NATS_URL: url } });
const causeOf = async ({ url }: Service): Promise<unknown> =>
  ((await (await fetch(`${url}/readyz`)).json()) as { cause?: string }).cause;

const clientOf = (service: Service, cursor?: string): ResumingClient =>
  new ResumingClient({
    url: () => `${service.url}/events`,
    topics: ['a'],
    random: new Random(1),
    ...(cursor !== undefined && { cursor }),
  });

/** A replicated stream, and its leader apart from the others. */
async function start(): Promise<{
  parted: PartedCluster;
  leader: NatsServer;
  others: readonly NatsServer[];
  broker: Broker;
}> {
  const parted = await PartedCluster.start();
  const { servers, url } = parted.cluster;
  const first = await Broker.connect(url);
  await first.createStream({ num_replicas: 3 });
  await until(() => first.fill(50, () => 'events.a'));
  const { cluster } = await first.manager.streams.info('EVENTS');
  const leader = servers.find(({ name }) => name === cluster?.leader) as NatsServer;
  const others = servers.filter((server) => server !== leader);
  return { parted, leader, others, broker: await Broker.connect(others[0]?.url ?? '') };
}

it('a leader that was left alone answers for the stream: it is not believed', async () => {
  // In containers, members know each other by name.
  if ((await natsBackend()).kind !== 'binary') return;
  const { parted, leader, others, broker } = await start();
  const [toMajority, toLeader] = await Promise.all([
    TcpProxy.start(others[0]?.port ?? 0),
    TcpProxy.start(leader.port),
  ]);
  toLeader.cut();
  const urls = `${toMajority.url('nats')},${toLeader.url('nats')}`;
  const [moving, staying] = await Promise.all([serviceOf(urls), serviceOf(leader.url)]);
  const [a, b] = [clientOf(moving), clientOf(staying)];
  await until(() => a.starts.length + b.starts.length === 2);
  await reached(a, await broker.publish('events.a'));
  parted.isolate(leader);
  const last = await until(() => broker.fill(10, () => 'events.a'), { timeoutMs: 20_000 });
  await reached(a, last);
  // It is further than the leader that it is connected to from now on; and so is a client of the other.
  toLeader.restore();
  toMajority.cut();
  const changed = clientOf(staying, String(last));
  await until(async () => {
    const causes = await Promise.all([moving, staying].map(causeOf));
    return causes.every((cause) => cause === 'stream_info_error');
  });
  // Each waited for the stream for a second.
  await until(() => changed.comments.length >= 3);
  expect([a.resets, changed.starts]).toEqual([[], []]);
  parted.heal(leader);
  const end = await broker.publish('events.a', '"end"');
  const stored = await broker.stored();
  for (const client of [a, b, changed]) {
    await reached(client, end, 20_000);
    expect(client.resets).toEqual([]);
    expect(problemsOf(client, stored)).toEqual([]);
    expect(client.starts.map(({ recovery }) => recovery)).not.toContain('fallback');
  }
  expect([interruptionsOf(a), interruptionsOf(b)]).toEqual([[], []]);
}, 90_000);
