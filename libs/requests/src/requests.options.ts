import type { ServiceOptions } from './service/service-options.interface.js';

/** Options of `RequestsModule`. */
export interface RequestsOptions {
  /** Complete services; `completeService` fills in the defaults. */
  readonly services: readonly ServiceOptions[];
}

/** Token of {@link RequestsOptions}. */
export const REQUESTS_OPTIONS = Symbol('RequestsOptions');
