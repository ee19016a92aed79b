import type { HubOptions } from './hub/hub-options.interface.js';

/** Options of `StreamingModule`. */
export interface StreamingOptions {
  /** Complete hubs; `completeHub` adds the defaults. */
  readonly hubs: readonly HubOptions[];
  /**
   * Paths below a hub's path that do not belong to the hub, for example the application's own paths beside
   * a hub at `/`. Matched exactly, except for letter case and one trailing slash; default: none.
   */
  readonly exclude?: readonly string[];
  /** Paths that do not belong to a hub, including everything below them, as sent; default: none. */
  readonly excludeBelow?: readonly string[];
}

/** Injection token of {@link StreamingOptions}. */
export const STREAMING_OPTIONS = Symbol('StreamingOptions');
