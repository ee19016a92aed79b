import type { HubOptions } from './hub/hub-options.interface.js';

/** Options of `StreamingModule`. */
export interface StreamingOptions {
  /** Complete hubs; `completeHub` fills in the defaults. */
  readonly hubs: readonly HubOptions[];
  /**
   * Paths that are no hub's although they lie below one: of the application beside a hub at the
   * root. Exact, but for letter case and one trailing slash; default: none.
   */
  readonly exclude?: readonly string[];
  /** Paths that are no hub's together with all that lies below them, as sent; default: none. */
  readonly excludeBelow?: readonly string[];
}

/** Token of {@link StreamingOptions}. */
export const STREAMING_OPTIONS = Symbol('StreamingOptions');
