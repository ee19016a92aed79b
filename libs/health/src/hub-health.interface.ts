import type { ReadinessFailureCause } from '@nuts/metrics';
import type { NatsClient, NatsConnectErrorKind, NatsStatus, StreamFacts } from '@nuts/nats';
import { Inject } from '@nestjs/common';

/** Why a hub is not ready. `starting` and `draining` are not failures and are not counted. */
export type UnreadyCause = ReadinessFailureCause | 'starting' | 'draining';

/** The health of one hub, from memory, so that probes never wait for NATS. */
export interface HubHealth {
  /** Unique; the hub's key in the body of the root probes. */
  readonly name: string;
  readonly path: string;
  readonly probes: {
    readonly healthPath: string;
    readonly livePath: string;
    readonly readyPath: string;
    /** Adds `nats_server` and `stream_info` to the body (`health_details`). */
    readonly details: boolean;
  };
  readonly nats: {
    readonly status: NatsStatus;
    /** Why NATS is not connected, once an attempt has failed. */
    readonly failure?: NatsConnectErrorKind;
    readonly server?: NatsClient['server'];
  };
  /** The latest stream info; undefined before the first. */
  readonly stream?: StreamFacts;
  /** Whether delivery works: NATS is connected, the stream exists and the tail reads it. */
  readonly ready: boolean;
  /** Set if the hub is not ready. */
  readonly cause?: UnreadyCause;
  /** Whether the hub has been ready since the process started: see `ProbeQuery.outage`. */
  readonly wasReady: boolean;
}

/** The port that the probes read. Answers from memory, synchronously. */
export interface HubHealthSource {
  hubs(): readonly HubHealth[];
}

export const HUB_HEALTH = Symbol('HubHealthSource');

/** Injects the application's `HubHealthSource`. */
export const InjectHubHealth = (): ParameterDecorator & PropertyDecorator => Inject(HUB_HEALTH);
