import type { ServiceOptions } from '@nuts/requests';
import type { HubOptions } from '@nuts/streaming';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** The fleet's name and base subject (contract §14). */
export interface FleetSettings {
  readonly name: string;
  readonly subject: string;
}

/** The complete, validated configuration (contract §7). */
export interface ProcessOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
  /** A value for Express's `trust proxy`: false, all, a number of hops, or networks. */
  readonly trustProxy: boolean | number | readonly string[];
  /** The port of metrics and root probes, instead of `port`. */
  readonly managementPort?: number;
  /** Number of processes that serve the same ports. */
  readonly workers: number;
  /** Whether the page at `/console` is served. */
  readonly console: boolean;
  /** The fleet of this process; undefined = none. */
  readonly fleet?: FleetSettings;
  /** At least one; paths are distinct. */
  readonly hubs: readonly HubOptions[];
  /** HTTP access to NATS services; none by default. */
  readonly services: readonly ServiceOptions[];
  /** One sentence each, logged at startup. They contain no secrets. */
  readonly warnings: readonly string[];
}
