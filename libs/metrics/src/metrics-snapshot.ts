import { AggregatorRegistry, type Registry } from 'prom-client';

/** All metrics of one process at one time, as plain data for another process. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/**
 * Adds up the metrics of several processes: counters, histograms and gauges as sums, Node's own metrics
 * according to prom-client (averages, minima and maxima; start times are omitted).
 */
export function joinSnapshots(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/**
 * What remains of a process that has ended: its counters and histograms, which must not decrease. Gauges
 * describe the present and are removed.
 */
export function retiredSnapshot(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.filter(({ type }) => {
    // In JSON, types are words.
    const name = String(type);
    return name === 'counter' || name === 'histogram';
  });
}
