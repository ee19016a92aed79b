import { type ContractStream, startStream } from '../../contract/contract-app.js';
import { Service } from '../../support/service.js';
import { until } from '../../support/until.js';
import { FLEET_ENV, listen, presence, untilProcesses } from './fleet-rig.js';

let stream: ContractStream;
beforeAll(async () => {
  stream = await startStream();
});

it('workers behind one port are processes of the fleet, beside those of other machines', async () => {
  const env = {
    ...FLEET_ENV,
    NATS_URL: stream.nats.url,
    STREAM_NAME: 'EVENTS',
    TOPIC_PREFIX: 'events.',
    DRAIN_WINDOW: '0.2',
  };
  const [workers, other] = await Promise.all([
    Service.start({ env: { ...env, WORKERS: '2' } }),
    Service.start({ env }),
  ]);
  for (const { url } of [workers, other]) await untilProcesses(url, 3);
  const clients = await Promise.all(
    Array.from({ length: 8 }, (_, i) => listen(i % 4 === 0 ? other.url : workers.url, 'user-7')),
  );
  const seen = await presence(other.url);
  expect(seen).toMatchObject({ answered: 3, topics: { a: { streams: 8 } } });
  const request = JSON.stringify({ subject: 'user-7' });
  const answer = await stream.connection.request('nuts.fleet.shop.close', request);
  expect(answer.json()).toEqual({ closed: 8, processes: 3, answered: 3 });
  await Promise.all(clients.map((client) => client.ended()));
  await workers.stop();
  await until(async () => (await presence(other.url)).processes === 1);
});
