import type { ServiceOptions } from './service/service-options.interface.js';

/** Options of `RequestsModule`. */
export interface RequestsOptions {
  /** Complete services; `completeService` adds the defaults. */
  readonly services: readonly ServiceOptions[];
}

/** Injection token of {@link RequestsOptions}. */
export const REQUESTS_OPTIONS = Symbol('RequestsOptions');
