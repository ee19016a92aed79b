import type { Counter, Histogram } from 'prom-client';
import {
  definitionOf,
  type CounterName,
  type HistogramName,
  type MetricName,
} from '../metric-catalogue.js';

/** A counter's series with bound labels: otherwise prom-client looks labels up on every call. */
export interface BoundCounter {
  inc(value?: number): void;
}

/** One bound series per value of a closed label. */
export type BoundCounters<V extends string> = Readonly<Record<V, BoundCounter>>;

/** The metrics of one application by name, without gauges, which read their values themselves. */
export class Instruments {
  private readonly begun = new Set<string>();

  constructor(private readonly metrics: ReadonlyMap<MetricName, unknown>) {}

  counter(name: CounterName): BoundCounter {
    return this.metrics.get(name) as Counter;
  }

  /** A hub's or service's series of a counter without another label. */
  counterOf(name: CounterName, owner: string): BoundCounter {
    const bound = (this.metrics.get(name) as Counter).labels(owner);
    bound.inc(0);
    return bound;
  }

  /**
   * Binds all values of the counter's closed label, each starting at 0.
   *
   * @param owner the hub or service, if the counter has one
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

  /** A hub's or service's series of a histogram, starting at 0; a recreated hub continues its series. */
  histogram(name: HistogramName, owner: string): { observe(value: number): void } {
    const histogram = this.metrics.get(name) as Histogram;
    const series = `${name} ${owner}`;
    const label = definitionOf(name).perService ? { service: owner } : { hub: owner };
    if (!this.begun.has(series)) histogram.zero(label);
    this.begun.add(series);
    return histogram.labels(owner);
  }
}
