import type { NatsClient, NatsConnectErrorKind, NatsStatus, StreamFacts } from '@nuts/nats';
import type { LogTrouble } from '../log/log-health.js';

/** The state of a hub, from memory; cheap enough for probes and dashboards. */
export interface HubStatus {
  readonly nats: {
    readonly status: NatsStatus;
    /** Why NATS is not connected, once an attempt has failed. */
    readonly failure?: NatsConnectErrorKind;
    readonly server?: NatsClient['server'];
  };
  /** The latest stream info; undefined before the first. */
  readonly stream?: StreamFacts;
  /** Why delivery does not work; undefined if it works. */
  readonly trouble?: LogTrouble;
  /** Whether delivery has worked since the process started. */
  readonly wasReady: boolean;
  /** Open connections, including ended ones whose socket is not closed yet. */
  readonly connections: number;
}
