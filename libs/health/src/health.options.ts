import type { HubHealthSource } from './hub-health.interface.js';

/** Options of `HealthModule.forRoot`. */
export interface HealthModuleOptions {
  /** The source that the probes read; bound to `HUB_HEALTH`. */
  source: HubHealthSource;
}

/** Routes of the root probes. */
export interface ProbePaths {
  readonly live: string;
  readonly ready: string;
  readonly health: string;
}

/** `/livez`, `/readyz` and `/healthz`. */
export const DEFAULT_PROBE_PATHS: ProbePaths = {
  live: '/livez',
  ready: '/readyz',
  health: '/healthz',
};

/** Options of the module itself; the same for `forRoot` and `forRootAsync`. */
export interface HealthModuleExtras {
  /** Routes of the root probes, or `false` for none: serve `HealthService` elsewhere. */
  controller?: ProbePaths | false;
  /** Default true. */
  isGlobal?: boolean;
}
