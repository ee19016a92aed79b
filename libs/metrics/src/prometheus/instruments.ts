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

  /** The series of a hub or a service, of a counter without another label. */
  counterOf(name: CounterName, owner: string): BoundCounter {
    const bound = (this.metrics.get(name) as Counter).labels(owner);
    bound.inc(0);
    return bound;
  }

  /**
   * Binds every value of the counter's closed label, and starts each series at 0.
   *
   * @param owner the hub or the service of a counter that has one
   */
  counters<V extends string>(name: CounterName, owner?: string): BoundCounters<V> {
    const counter = this.metrics.get(name) as Counter;
    const values = definitionOf(name).label?.values ?? [];
    const series = values.map((value) => {
      const bound = owner === undefined ? counter.labels(value) : counter.labels(owner, value);
      bound.inc(0);
      return [value, bound];
    });
    return Object.fromEntries(series) as BoundCounters<V>;
  }

  /**
   * The series of a hub or a service of a histogram, started at 0; one that comes again goes on with
   * its own.
   */
  histogram(name: HistogramName, owner: string): { observe(value: number): void } {
    const histogram = this.metrics.get(name) as Histogram;
    const series = `${name} ${owner}`;
    const label = definitionOf(name).perService ? { service: owner } : { hub: owner };
    if (!this.begun.has(series)) histogram.zero(label);
    this.begun.add(series);
    return histogram.labels(owner);
  }
}
