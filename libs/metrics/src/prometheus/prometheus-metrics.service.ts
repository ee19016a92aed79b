import { Injectable } from '@nestjs/common';
import type {
  HubMetrics,
  NatsAsyncErrorKind,
  NatsConnectionEvent,
  NutsMetrics,
  ReadinessFailureCause,
} from '../nuts-metrics.interface.js';
import type { ServiceMetrics } from '../service-metrics.interface.js';
import { HubReadingsStore } from './hub-readings.service.js';
import { type BoundCounters, Instruments } from './instruments.js';
import { ProcessCounters, PrometheusHubMetrics } from './prometheus-hub-metrics.js';
import { PrometheusServiceMetrics } from './prometheus-service-metrics.js';

/** Records metrics in the application's own prom-client registry (contract §8). */
@Injectable()
export class PrometheusMetrics implements NutsMetrics {
  private readonly hubs = new Map<string, HubMetrics>();
  private readonly services = new Map<string, ServiceMetrics>();
  private readonly process: ProcessCounters;
  private readonly readiness: BoundCounters<ReadinessFailureCause>;
  private readonly natsEvents: BoundCounters<NatsConnectionEvent>;
  private readonly natsErrors: BoundCounters<NatsAsyncErrorKind>;

  constructor(
    private readonly instruments: Instruments,
    private readonly store: HubReadingsStore,
  ) {
    this.process = new ProcessCounters(instruments);
    this.readiness = instruments.counters('nuts_readiness_failures_total');
    this.natsEvents = instruments.counters('nuts_nats_connection_events_total');
    this.natsErrors = instruments.counters('nuts_nats_async_errors_total');
  }

  hub(name: string): HubMetrics {
    const known = this.hubs.get(name);
    if (known) return known;
    const readings = this.store.open(name);
    const forget = (): void => {
      this.store.close(readings);
      if (this.hubs.get(name) === hub) this.hubs.delete(name);
    };
    const hub = new PrometheusHubMetrics(this.process, readings, forget, this.instruments);
    this.hubs.set(name, hub);
    return hub;
  }

  service(name: string): ServiceMetrics {
    const known = this.services.get(name) ?? new PrometheusServiceMetrics(name, this.instruments);
    this.services.set(name, known);
    return known;
  }

  readinessFailed(cause: ReadinessFailureCause): void {
    this.readiness[cause].inc();
  }

  natsEvent(event: NatsConnectionEvent): void {
    this.natsEvents[event].inc();
  }

  natsError(kind: NatsAsyncErrorKind): void {
    this.natsErrors[kind].inc();
  }
}
