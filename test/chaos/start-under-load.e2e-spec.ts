import { startNats } from '../support/nats/index.js';
import { Service } from '../support/service.js';
import { Broker } from './broker.js';

it('a process that starts under full load is ready as soon as its window is', async () => {
  const server = await startNats();
  const broker = await Broker.connect(server.url);
  await broker.createStream({ max_msgs: 50_000 });
  let publishing = true;
  const load = (async (): Promise<void> => {
    for (let i = 0; publishing; i++) {
      broker.connection.publish('events.a', `{"n":${i}}`);
      if (i % 50 === 0) await broker.connection.flush();
    }
  })();
  const env = { NATS_URL: server.url, STREAM_NAME: 'EVENTS', TOPIC_PREFIX: 'events.' };
  const service = await Service.start({ env, waitFor: 'listening' });
  const began = performance.now();
  await service.waitUntilReady();
  const took = performance.now() - began;
  publishing = false;
  await load;
  process.stdout.write(`\nready after ${took.toFixed(0)} ms\n`);
  expect(took).toBeLessThan(10_000);
});
