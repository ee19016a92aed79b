import { startNats } from '../../support/nats/index.js';
import { until } from '../../support/until.js';
import { connectAdmin, SettingsFolder, startHubs } from './hubs-app.js';

it('a hub over a stream without messages is ready at once, and again after an outage', async () => {
  const nats = await startNats();
  const admin = await connectAdmin({ servers: nats.url });
  await admin.createStream({ name: 'QUIET' });
  const started = performance.now();
  // The consumer's first idle heartbeat would come later than this test allows.
  const file = `{ nats_url: "${nats.url}", reconnect_wait: 0.05, hubs: [
    { path: /events, stream_name: QUIET, nats_idle_heartbeat: 14 } ] }`;
  const app = await startHubs(new SettingsFolder().write('hubs.yaml', file));
  const ready = async (): Promise<boolean> => (await fetch(`${app.url}/readyz`)).ok;
  await nats.kill();
  await until(async () => !(await ready()));
  await nats.restart();
  await until(ready);
  expect(performance.now() - started).toBeLessThan(13_000);
});
