import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { joinSnapshots, retiredSnapshot, type MetricsSnapshot } from './metrics-snapshot.js';

/** The snapshot of a process. */
function snapshot(count: number): Promise<MetricsSnapshot> {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['hub'];
  new Counter({ name: 'sent', help: 'h', labelNames, registers }).inc({ hub: '/a' }, count);
  new Gauge({ name: 'open', help: 'h', registers }).set(count);
  const lag = new Histogram({ name: 'lag', help: 'h', buckets: [1, 10], registers });
  lag.observe(count);
  return registry.getMetricsAsJSON();
}

it('sums counters, gauges and histograms of several processes', async () => {
  const text = await joinSnapshots([await snapshot(2), await snapshot(5)]).metrics();
  for (const line of [
    'sent{hub="/a"} 7',
    'open 7',
    'lag_bucket{le="1"} 0',
    'lag_bucket{le="10"} 2',
    'lag_sum 7',
    'lag_count 2',
  ]) {
    expect(text).toContain(`\n${line}\n`);
  }
});

it('keeps the counters of processes that have ended, and none of their gauges', async () => {
  const first = joinSnapshots([[], retiredSnapshot(await snapshot(2))]);
  const both = joinSnapshots([
    await first.getMetricsAsJSON(),
    retiredSnapshot(structuredClone(await snapshot(3))),
  ]);
  const text = await joinSnapshots([await snapshot(10), await both.getMetricsAsJSON()]).metrics();
  expect(text).toContain('\nsent{hub="/a"} 15\n');
  expect(text).toContain('\nlag_count 3\n');
  expect(text).toContain('\nopen 10\n');
});
