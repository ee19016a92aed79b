import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { InjectMetricsRegistry } from './metrics-registry.js';
import type { MetricsSnapshot } from './metrics-snapshot.js';

/** The text of a scrape, for whoever serves it: the module's route, or a management port. */
@Injectable()
export class MetricsExposition {
  private coming: Promise<string> | undefined;

  constructor(@InjectMetricsRegistry() private readonly registry: Registry) {}

  get contentType(): string {
    return this.registry.contentType;
  }

  /** What is known at some moment after the call. */
  text(): Promise<string> {
    this.coming ??= this.next();
    return this.coming;
  }

  /** One text for all who ask in one turn of the event loop: thousands may, and each costs milliseconds. */
  private async next(): Promise<string> {
    await nextTurn();
    this.coming = undefined;
    return this.registry.metrics();
  }

  /** The same as data, for a process that adds several up. */
  snapshot(): Promise<MetricsSnapshot> {
    return this.registry.getMetricsAsJSON();
  }
}
