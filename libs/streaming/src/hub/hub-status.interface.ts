import type { NatsClient, NatsStatus, StreamFacts } from '@nuts/nats';
import type { LogTrouble } from '../log/log-health.js';

/** How a hub is doing, from memory: what probes and dashboards may ask at any time. */
export interface HubStatus {
  readonly nats: { readonly status: NatsStatus; readonly server?: NatsClient['server'] };
  /** What was last read of the stream; undefined before the first reading. */
  readonly stream?: StreamFacts;
  /** Undefined when delivery works. */
  readonly trouble?: LogTrouble;
  /** True once delivery has worked since the process began. */
  readonly wasReady: boolean;
  /** Open connections, ended ones included whose socket has not closed yet. */
  readonly connections: number;
}
