import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { HubHealth } from './hub-health.interface.js';
import { hubBody } from './probe-body.js';

/** Checks the hub's NATS connection from memory, without network access. */
@Injectable()
export class NatsIndicator {
  constructor(private readonly indicators: HealthIndicatorService) {}

  /** `endured`: report an outage as degraded, which Terminus answers with 200. */
  check(key: string, hub: HubHealth, endured: boolean): HealthIndicatorResult {
    const indicator = this.indicators.check(key);
    if (hubBody(hub).nats === 'connected') return indicator.up();
    const data = { message: `NATS is ${hub.nats.status}` };
    return endured ? indicator.degraded(data) : indicator.down(data);
  }
}
