import type { HubOptions } from './hub/hub-options.interface.js';

/** Options of `StreamingModule`. */
export interface StreamingOptions {
  /** Complete hubs; `completeHub` fills in the contract's defaults. */
  readonly hubs: readonly HubOptions[];
}

/** Token of {@link StreamingOptions}. */
export const STREAMING_OPTIONS = Symbol('StreamingOptions');
