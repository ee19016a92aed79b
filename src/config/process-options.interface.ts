import type { ServiceOptions } from '@nuts/requests';
import type { HubOptions } from '@nuts/streaming';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** The name that processes share, and the subject below which they talk (contract §14). */
export interface FleetSettings {
  readonly name: string;
  readonly subject: string;
}

/** Everything that the service was told, complete and checked (contract §7). */
export interface ProcessOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
  /** As Express understands `trust proxy`: false, all, so many hops, or networks. */
  readonly trustProxy: boolean | number | readonly string[];
  /** Metrics and root probes are served here instead of on `port`. */
  readonly managementPort?: number;
  /** Processes that serve the same ports. */
  readonly workers: number;
  /** Whether the page at `/console` is served. */
  readonly console: boolean;
  /** The processes that this one works with; undefined = none. */
  readonly fleet?: FleetSettings;
  /** At least one; paths are distinct. */
  readonly hubs: readonly HubOptions[];
  /** Doors to NATS services; none by default. */
  readonly services: readonly ServiceOptions[];
  /** One sentence each, for the log at start. No secret is in them. */
  readonly warnings: readonly string[];
}
