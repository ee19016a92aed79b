import type { ReadinessFailureCause } from '@nuts/metrics';
import type { NatsClient, NatsStatus, StreamFacts } from '@nuts/nats';
import { Inject } from '@nestjs/common';

/** Why a hub is not ready. `starting` and `draining` are no failures and are not counted. */
export type UnreadyCause = ReadinessFailureCause | 'starting' | 'draining';

/** What a probe may ask about one hub: known already, so that no answer waits for NATS. */
export interface HubHealth {
  /** Unique; the key of the hub in the root probes' body. */
  readonly name: string;
  readonly path: string;
  readonly probes: {
    readonly healthPath: string;
    readonly livePath: string;
    readonly readyPath: string;
    /** Adds `nats_server` and `stream_info` to the body (`health_details`). */
    readonly details: boolean;
  };
  readonly nats: { readonly status: NatsStatus; readonly server?: NatsClient['server'] };
  /** The last facts that were read; undefined before the first reading. */
  readonly stream?: StreamFacts;
  /** True when delivery works: NATS connected, the stream there, the tail reading. */
  readonly ready: boolean;
  /** Set when the hub is not ready. */
  readonly cause?: UnreadyCause;
  /** True once the hub has been ready since the process began: see `ProbeQuery.outage`. */
  readonly wasReady: boolean;
}

/** The port that the probes read. It answers from memory, at once. */
export interface HubHealthSource {
  hubs(): readonly HubHealth[];
}

export const HUB_HEALTH = Symbol('HubHealthSource');

/** Injects the `HubHealthSource` of the application. */
export const InjectHubHealth = (): ParameterDecorator & PropertyDecorator => Inject(HUB_HEALTH);
