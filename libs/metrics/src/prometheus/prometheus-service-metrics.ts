import type { RequestResult, ServiceMetrics } from '../service-metrics.interface.js';
import type { BoundCounter, BoundCounters, Instruments } from './instruments.js';

/** Records the metrics of one entry of `services`. */
export class PrometheusServiceMetrics implements ServiceMetrics {
  private readonly requests: BoundCounters<RequestResult>;
  private readonly duration: { observe(value: number): void };
  private readonly replies: BoundCounter;

  constructor(service: string, instruments: Instruments) {
    this.requests = instruments.counters('nuts_requests_total', service);
    this.duration = instruments.histogram('nuts_request_seconds', service);
    this.replies = instruments.counterOf('nuts_request_replies_total', service);
  }

  requested(result: RequestResult, seconds: number): void {
    this.requests[result].inc();
    this.duration.observe(seconds);
  }

  replied(): void {
    this.replies.inc();
  }
}
