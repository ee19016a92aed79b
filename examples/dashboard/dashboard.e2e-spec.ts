import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { EventSource } from 'eventsource';
import { startHubs } from '../../test/e2e/hubs/hubs-app.js';
import { StreamAdmin } from '../../test/e2e/nats/stream-admin.js';
import { disposeAtEnd } from '../../test/support/disposal.js';
import { startNats } from '../../test/support/nats/index.js';
import { until } from '../../test/support/until.js';
import { watchNewest, watchPast, type Reading } from './page/plant.js';

let hub: string;
beforeAll(async () => {
  const nats = await startNats();
  const admin = await StreamAdmin.connect({ servers: nats.url });
  disposeAtEnd(() => admin.close());
  await admin.createStream({ name: 'PLANT' });
  const env = { ...process.env, NATS_URL: nats.url, INTERVAL_MS: '20' };
  const sensors = spawn(execPath, ['examples/dashboard/sensors.js'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  disposeAtEnd(async () => {
    sensors.kill();
    if (sensors.exitCode === null) await once(sensors, 'close');
  });
  await once(sensors.stdout, 'data');
  const app = await startHubs('examples/dashboard/dashboard.yaml', { NATS_URL: nats.url });
  hub = `${app.url}/plant`;
});

it('shows the newest value of every sensor at once, then updates', async () => {
  const states: ReadonlyMap<string, Reading>[] = [];
  disposeAtEnd(watchNewest(hub, (newest) => states.push(new Map(newest)), EventSource));
  await until(() => states.length > 10);
  const machines = ['press', 'mill', 'oven', 'dryer', 'packer'];
  const topics = machines.map((machine) => `${machine}.temperature`).sort();
  for (const state of states) expect([...state.keys()].sort()).toEqual(topics);
  expect(states.at(-1)?.get('press.temperature')).not.toEqual(states[0]?.get('press.temperature'));
});

it('draws the history, then live values', async () => {
  const sizes: number[] = [];
  let last: readonly Reading[] = [];
  const changed = (readings: readonly Reading[]): void => {
    sizes.push(readings.length);
    last = readings;
  };
  disposeAtEnd(watchPast(hub, 'press.temperature', 'PT10M', changed, EventSource));
  await until(() => sizes.length > 5);
  expect(sizes[0]).toBeGreaterThan(1);
  expect(sizes.slice(1, 4)).toEqual([1, 2, 3].map((more) => (sizes[0] ?? 0) + more));
  const times = last.map(({ time }) => time.getTime());
  expect(times).toEqual([...times].sort((a, b) => a - b));
});
