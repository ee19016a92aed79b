import type { NatsConnectErrorKind } from '@nuts/nats';
import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { HubHealth } from './hub-health.interface.js';
import { hubBody } from './probe-body.js';

/** Without names of servers and files: probes may be public. The log has them. */
const EXPLAINED: Record<NatsConnectErrorKind, string> = {
  unreachable: 'no server can be reached',
  credentials_refused: 'it refused the credentials',
  tls_failed: 'the TLS check failed',
  bad_option: 'a connection setting, or a file that it names, is invalid',
};

/** Checks the hub's NATS connection from memory, without network access. */
@Injectable()
export class NatsIndicator {
  constructor(private readonly indicators: HealthIndicatorService) {}

  /** `tolerated`: report an outage as degraded, which Terminus answers with 200. */
  check(key: string, hub: HubHealth, tolerated: boolean): HealthIndicatorResult {
    const indicator = this.indicators.check(key);
    if (hubBody(hub).nats === 'connected') return indicator.up();
    const { status, failure } = hub.nats;
    const reason = failure === undefined ? '' : `: ${EXPLAINED[failure]}`;
    const data = { message: `NATS is ${status}${reason}` };
    return tolerated ? indicator.degraded(data) : indicator.down(data);
  }
}
