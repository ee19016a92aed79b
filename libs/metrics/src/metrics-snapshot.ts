import { AggregatorRegistry, type Registry } from 'prom-client';

/** All metrics of one process at one moment: plain data, to be sent to another process. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/**
 * Adds several processes' metrics up: counters, histograms and gauges by their sum, and Node's own
 * metrics as prom-client says for each (averages, extremes; a start time is left out).
 */
export function joinSnapshots(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/**
 * What is left of a process that has ended: its counters and histograms, which must not fall with it.
 * Gauges tell of what is, and go.
 */
export function retiredSnapshot(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.filter(({ type }) => {
    // Read from JSON, where the types are words.
    const name = String(type);
    return name === 'counter' || name === 'histogram';
  });
}
