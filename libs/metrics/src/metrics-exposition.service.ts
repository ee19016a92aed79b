import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { InjectMetricsRegistry } from './metrics-registry.js';

/** The text of a scrape, for whoever serves it: the module's route, or a management port. */
@Injectable()
export class MetricsExposition {
  constructor(@InjectMetricsRegistry() private readonly registry: Registry) {}

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
