import type { BoundCounter } from './instruments.js';

/**
 * A counter that is incremented far more often than it is scraped. prom-client looks up a series' labels on
 * every call, which takes half a microsecond.
 */
export class Tally {
  private unsettled = 0;

  constructor(private readonly counter: BoundCounter) {}

  add(value: number): void {
    this.unsettled += value;
  }

  /** Flushes the count; called before each scrape. */
  settle(): void {
    const { unsettled } = this;
    this.unsettled = 0;
    if (unsettled > 0) this.counter.inc(unsettled);
  }
}
