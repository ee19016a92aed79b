import type { Hub } from '../hub/hub.js';
import { useHubScope } from './hub-context.js';

/** The nearest provider's hub, such as to publish. Throws outside of a provider. */
export function useHub(): Hub {
  return useHubScope().hub;
}
