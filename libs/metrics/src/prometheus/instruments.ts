import type { Counter, Histogram } from 'prom-client';
import {
  definitionOf,
  type CounterName,
  type HistogramName,
  type MetricName,
} from '../metric-catalogue.js';

/** A counter's series with its labels bound: prom-client looks labels up on every call otherwise. */
export interface BoundCounter {
  inc(value?: number): void;
}

/** One bound series for each value of a closed label. */
export type BoundCounters<V extends string> = Readonly<Record<V, BoundCounter>>;

/** The metrics of one application, by name. Gauges are not here: they read themselves. */
export class Instruments {
  private readonly begun = new Set<string>();

  constructor(private readonly metrics: ReadonlyMap<MetricName, unknown>) {}

  counter(name: CounterName): BoundCounter {
    return this.metrics.get(name) as Counter;
  }

  /** Binds every value of the counter's closed label, and starts each series at 0. */
  counters<V extends string>(name: CounterName, hub?: string): BoundCounters<V> {
    const counter = this.metrics.get(name) as Counter;
    const values = definitionOf(name).label?.values ?? [];
    const series = values.map((value) => {
      const bound = hub === undefined ? counter.labels(value) : counter.labels(hub, value);
      bound.inc(0);
      return [value, bound];
    });
    return Object.fromEntries(series) as BoundCounters<V>;
  }

  /** The hub's series of a histogram, started at 0; a hub that comes again goes on with its own. */
  histogram(name: HistogramName, hub: string): { observe(value: number): void } {
    const histogram = this.metrics.get(name) as Histogram;
    const series = `${name} ${hub}`;
    if (!this.begun.has(series)) histogram.zero({ hub });
    this.begun.add(series);
    return histogram.labels(hub);
  }
}
