import type { StreamConfig } from 'nats';
import { startNats } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { until } from '../support/until.js';
import { Broker } from './broker.js';
import { Publisher } from './publisher.js';
import { Random } from './random.js';
import { ResumingClient } from './resuming-client.js';
import { QUICK, interruptionsOf, problemsOf, reached } from './rig.js';

const FEW = { WINDOW_MAX_MESSAGES: '20', PUBLISH: 'true', PUBLISH_ANONYMOUS: 'true' };

/** A hub over a mirror of another stream. */
async function start(): Promise<{ broker: Broker; service: Service }> {
  const server = await startNats();
  const broker = await Broker.connect(server.url);
  await broker.createStream({ name: 'ORIGIN' });
  await broker.fill(100, () => 'events.a');
  await broker.manager.streams.add({ name: 'EVENTS', mirror: { name: 'ORIGIN' } });
  await mirrored(broker, 100);
  const service = await Service.start({ env: { ...QUICK, ...FEW, NATS_URL: server.url } });
  return { broker, service };
}

const mirrored = (broker: Broker, sequence: number): Promise<boolean> =>
  until(async () => (await broker.manager.streams.info('EVENTS')).state.last_seq >= sequence);

const clientOf = (service: Service, cursor?: string): ResumingClient =>
  new ResumingClient({
    url: () => `${service.url}/events`,
    topics: ['a'],
    random: new Random(1),
    ...(cursor !== undefined && { cursor }),
  });

async function post({ url }: Service): Promise<number> {
  const answer = await fetch(`${url}/events/a`, { method: 'POST', body: '!' });
  await answer.text();
  return answer.status;
}

/** Takes the mirror's place; false if the server cannot do that (before 2.12). */
async function promote(broker: Broker): Promise<boolean> {
  await broker.manager.streams.delete('ORIGIN');
  const { mirror: _mirror, ...config } = (await broker.manager.streams.info('EVENTS')).config;
  const promoted: Partial<StreamConfig> = { ...config, subjects: ['events.>'] };
  const subject = '$JS.API.STREAM.UPDATE.EVENTS';
  const answer = await broker.connection.request(subject, JSON.stringify(promoted));
  return answer.json<{ error?: unknown }>().error === undefined;
}

it('promoted under load: streams go on, and publishing becomes possible', async () => {
  const { broker, service } = await start();
  const live = clientOf(service);
  await until(() => live.starts.length === 1);
  expect(await post(service)).toBe(404);
  const publisher = new Publisher(broker, { subjects: ['events.a'], perSecond: 200 });
  await reached(live, 150);
  await publisher.stop();
  await mirrored(broker, publisher.acknowledged.at(-1)?.sequence ?? 0);
  if (!(await promote(broker))) return;
  const further = new Publisher(broker, { subjects: ['events.a'], perSecond: 200 });
  await until(async () => (await post(service)) === 201);
  await until(() => further.acknowledged.length > 50);
  await further.stop();
  const away = clientOf(service, '50');
  const last = await broker.publish('events.a');
  const stored = await broker.stored();
  for (const client of [live, away]) {
    await reached(client, last);
    expect([client.resets, interruptionsOf(client)]).toEqual([[], []]);
    expect(problemsOf(client, stored)).toEqual([]);
  }
  expect(away.starts).toMatchObject([{ recovery: 'resumed' }]);
  await until(async () => (await broker.consumers()).length === 1);
});

it('deleted, and created as a stream of its own: everybody begins anew', async () => {
  const { broker, service } = await start();
  const live = clientOf(service);
  await until(() => live.starts.length === 1);
  for (const name of ['EVENTS', 'ORIGIN']) await broker.manager.streams.delete(name);
  await broker.createStream();
  const last = await broker.fill(120, () => 'events.a');
  await until(() => live.resets.length === 1);
  await reached(live, last);
  expect(live.resets).toEqual(['stream_recreated']);
  expect(problemsOf(live, await broker.stored())).toEqual([]);
  expect(live.history.current.received).toHaveLength(120);
  await until(async () => (await post(service)) === 201);
  await until(async () => (await broker.consumers()).length === 1);
});
