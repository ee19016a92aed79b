import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { InjectMetricsRegistry } from './metrics-registry.js';
import type { MetricsSnapshot } from './metrics-snapshot.js';

/** The response of a scrape, for the module's route or a management port. */
@Injectable()
export class MetricsExposition {
  private coming: Promise<string> | undefined;

  constructor(@InjectMetricsRegistry() private readonly registry: Registry) {}

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The metrics at some time after the call. */
  text(): Promise<string> {
    this.coming ??= this.next();
    return this.coming;
  }

  /** Shared by all calls in one turn of the event loop: there may be thousands, and each would cost milliseconds. */
  private async next(): Promise<string> {
    await nextTurn();
    this.coming = undefined;
    return this.registry.metrics();
  }

  /** The same as data, for a process that adds up the metrics of several. */
  snapshot(): Promise<MetricsSnapshot> {
    return this.registry.getMetricsAsJSON();
  }
}
