import { until } from '../support/until.js';
import { readMetrics } from './metrics-reader.js';
import { Rig, interruptionsOf } from './rig.js';

/** Slow readers beside a stalled one, under a `write_timeout` of so many seconds. */
export async function surviveWriteTimeout(readers: {
  readonly seconds: number;
  readonly bytesPerSecond: readonly number[];
}): Promise<void> {
  const rig = await Rig.start({
    env: { WRITE_TIMEOUT: String(readers.seconds), WINDOW_MAX_MESSAGES: '100' },
    prepare: (broker) => broker.fill(20_000, () => 'events.a', `"${'x'.repeat(1000)}"`),
  });
  const slow = readers.bytesPerSecond.map((bytesPerSecond) =>
    rig.client({ cursor: '1', habits: { bytesPerSecond } }),
  );
  await until(() => slow.every(({ starts }) => starts.length === 1));
  const stalled = rig.client({ cursor: '1', longestRetryMs: 3_600_000 });
  await until(() => stalled.position > 1);
  stalled.pause();
  const began = performance.now();
  const disconnects = async (): Promise<number> =>
    (await readMetrics(rig.service.url)).get('nuts_slow_client_disconnects_total') ?? 0;
  const timeoutMs = readers.seconds * 1000;
  await until(async () => (await disconnects()) > 0, {
    timeoutMs: 3 * timeoutMs,
    what: 'the stalled reader to be disconnected',
  });
  // From when the slow ones had filled every buffer, and not only from their beginning.
  await until(() => performance.now() - began > 3.5 * timeoutMs, { timeoutMs: 4 * timeoutMs });
  expect(await disconnects()).toBe(1);
  for (const client of slow) {
    expect(interruptionsOf(client)).toEqual([]);
    expect(client.history.violations).toEqual([]);
    expect(client.history.messages).toBeGreaterThan(50);
  }
}
