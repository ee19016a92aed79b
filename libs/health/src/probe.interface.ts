import type { NatsClient } from '@nuts/nats';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { UnreadyCause } from './hub-health.interface.js';

/** The answer of a probe; send it with `Cache-Control: no-store`. */
export interface ProbeAnswer {
  readonly status: 200 | 503;
  readonly body: ProbeBody;
}

/** The query of a readiness probe as parsed by Express; not validated. */
export interface ProbeQuery {
  /**
   * `ready`: a hub that was ready once stays ready during an outage of NATS. A starting hub is still
   * unready, and draining makes it unready immediately. For load balancers that route by readiness: if all
   * replicas were unready during an outage, the ingress would answer 502, after which an `EventSource`
   * never reconnects. Only a pod that receives traffic can send the retry stream.
   */
  readonly outage?: unknown;
}

/** The content of `stream_info`, with the original's names (contract §8). */
export interface StreamInfoBody {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly storage: string;
  readonly replicas: number;
  readonly messages: number;
  readonly bytes: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly consumers: number;
  readonly max_msgs: number;
  readonly max_bytes: number;
  readonly max_age_seconds: number;
  readonly max_consumers: number;
  readonly created: string;
}

/** The original's keys. */
export interface HubBody {
  readonly status: 'ok' | 'degraded';
  readonly nats: 'connected' | 'disconnected';
  readonly stream: 'available' | 'unavailable';
  readonly cause?: UnreadyCause;
  readonly nats_server?: NatsClient['server'];
  readonly stream_info?: StreamInfoBody;
}

/** The original's keys at the top level, next to Terminus' own. */
export interface ProbeBody
  extends Pick<HealthCheckResult, 'info' | 'error' | 'details'>, Partial<Omit<HubBody, 'status'>> {
  readonly status: HubBody['status'];
  /** In the root probes of a process with several hubs. */
  readonly hubs?: Readonly<Record<string, HubBody>>;
}

/** What the client of a probe may see. */
export interface ProbeView {
  /** False omits `nats_server` and `stream_info`, whatever the hubs allow. Default true. */
  readonly details?: boolean;
}
