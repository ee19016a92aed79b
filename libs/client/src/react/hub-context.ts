import { createContext, useContext } from 'react';
import type { Hub } from '../hub/hub.js';
import type { FrameBatch } from './frame-batch.js';

/** The value of the provider's context. */
export interface HubScope {
  readonly hub: Hub;
  readonly frames: FrameBatch;
}

export const HubContext = createContext<HubScope | undefined>(undefined);

/** The context of the nearest provider. Throws outside of a provider. */
export function useHubScope(): HubScope {
  const scope = useContext(HubContext);
  if (!scope) throw new Error('no hub: wrap this component in <NutsProvider hub={…}>');
  return scope;
}
