import type { Hub } from '../hub/hub.js';
import { useHubScope } from './hub-context.js';

/** The hub of the nearest provider, for example to publish. Throws outside of a provider. */
export function useHub(): Hub {
  return useHubScope().hub;
}
