import type { NatsClient } from '@nuts/nats';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { UnreadyCause } from './hub-health.interface.js';

/** An answer for whoever serves the probe; send it with `Cache-Control: no-store`. */
export interface ProbeAnswer {
  readonly status: 200 | 503;
  readonly body: ProbeBody;
}

/** The query of a readiness probe, as Express parses it: anything a stranger may write. */
export interface ProbeQuery {
  /**
   * `ready`: a hub that was ready once stays ready through an outage of NATS; one that is still
   * starting is not, and draining unreadies at once. For whoever routes by readiness: were every
   * replica unready during an outage, the ingress would answer 502, and an `EventSource` never
   * comes back after that. The retry stream can only be sent by a pod that is still routed to.
   */
  readonly outage?: unknown;
}

/** A stream as `stream_info` shows it, in the original's spelling (contract §8). */
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

/** The original's keys at the top, Terminus' own beside them. */
export interface ProbeBody
  extends Pick<HealthCheckResult, 'info' | 'error' | 'details'>, Partial<Omit<HubBody, 'status'>> {
  readonly status: HubBody['status'];
  /** In the root probes of a process with several hubs. */
  readonly hubs?: Readonly<Record<string, HubBody>>;
}

/** What the asker of a probe may see. */
export interface ProbeView {
  /** False: no `nats_server` and `stream_info`, whatever the hubs say. Default true. */
  readonly details?: boolean;
}
