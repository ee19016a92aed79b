import { startNatsCluster } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { Publisher } from './publisher.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { Visitor } from './visitor.js';
import { QUICK, interruptionsOf, problemsOf, reached } from './rig.js';

it('the leader of a replicated stream is killed under load: open streams continue', async () => {
  const random = Random.ofRun('cluster');
  const cluster = await startNatsCluster(3);
  const broker = await Broker.connect(cluster.url);
  await broker.createStream({ num_replicas: 3 });
  const service = await Service.start({
    env: { ...QUICK, NATS_URL: cluster.url, WINDOW_MAX_MESSAGES: '100' },
  });
  const publisher = new Publisher(broker, { subjects: ['events.a', 'events.b'], perSecond: 500 });
  const url = (): string => `${service.url}/events`;
  const options = { url, topics: ['a'], random };
  const live = Array.from({ length: 4 }, () => new ResumingClient(options));
  const slow = new ResumingClient({ ...options, habits: { bytesPerSecond: 10_000 }, cursor: '0' });
  const acknowledged = (): number => publisher.acknowledged.at(-1)?.sequence ?? 0;
  const visitors = Array.from(
    { length: 4 },
    () => new Visitor({ url, topics: ['a', 'b'], random: random.fork(), acknowledged }),
  );
  // A stream that is not yet open when the leader dies may be refused, and is retried.
  await reached(slow, 1, 60_000);
  await until(() => live.every(({ position }) => position > 100), { timeoutMs: 60_000 });
  for (let round = 0; round < 2; round++) {
    const { cluster: place } = await broker.manager.streams.info('EVENTS');
    const leader = cluster.servers.find(({ name }) => name === place?.leader);
    await leader?.kill();
    const before = Math.max(...live.map(({ position }) => position));
    // Two of three are a quorum: publishing and delivery go on without the third, once they have
    // elected another leader; that alone takes them up to 10 s on an idle machine.
    for (const client of live) await reached(client, before + 200, 60_000);
    await leader?.restart();
    await until(
      async () => {
        const info = await broker.manager.streams.info('EVENTS');
        return info.cluster?.replicas?.every(({ current }) => current);
      },
      { timeoutMs: 60_000 },
    );
  }
  await publisher.stop();
  slow.shortenPause();
  for (const visitor of visitors) visitor.settle();
  const last = await broker.publish('events.a', '"end"');
  const stored = await broker.stored();
  for (const client of [...live, slow]) {
    await reached(client, last, 60_000);
    expect(problemsOf(client, stored)).toEqual([]);
    expect(client.resets).toEqual([]);
    expect(interruptionsOf(client)).toEqual([]);
  }
  await until(() => visitors.every(({ position = 0 }) => position >= last), { timeoutMs: 60_000 });
  const visits = visitors.flatMap((visitor) => visitor.visits);
  expect(visits.flatMap((visit) => visit.problems(stored))).toEqual([]);
  const inStream = new Set(stored.map(({ sequence }) => sequence));
  expect(publisher.acknowledged.filter(({ sequence }) => !inStream.has(sequence))).toEqual([]);
}, 240_000);
