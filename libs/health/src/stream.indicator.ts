import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { HubHealth, UnreadyCause } from './hub-health.interface.js';

const EXPLAINED: Record<UnreadyCause, string> = {
  nats_disconnected: 'NATS is not connected',
  jetstream_missing: 'JetStream is not enabled, or not for this account',
  stream_info_error: 'the stream is missing, or cannot be read',
  tail_stalled: 'nothing arrives from the stream, idle heartbeats included',
  starting: 'the hub is starting',
  draining: 'the process is shutting down',
};

/** Checks delivery: whether the stream exists and is being read. */
@Injectable()
export class StreamIndicator {
  constructor(private readonly indicators: HealthIndicatorService) {}

  /** `tolerated`: report an outage as degraded, which Terminus answers with 200. */
  check(key: string, hub: HubHealth, tolerated: boolean): HealthIndicatorResult {
    const indicator = this.indicators.check(key);
    if (hub.ready) return indicator.up();
    const cause = hub.cause ?? 'starting';
    const data = { cause, message: EXPLAINED[cause] };
    return tolerated ? indicator.degraded(data) : indicator.down(data);
  }
}
