import { createContext, useContext } from 'react';
import type { Hub } from '../hub/hub.js';
import type { FrameBatch } from './frame-batch.js';

/** What a provider gives to the components below it. */
export interface HubScope {
  readonly hub: Hub;
  readonly frames: FrameBatch;
}

export const HubContext = createContext<HubScope | undefined>(undefined);

/** The nearest provider's scope. Throws outside of one. */
export function useHubScope(): HubScope {
  const scope = useContext(HubContext);
  if (!scope) throw new Error('no hub: put <NutsProvider hub={…}> around this component');
  return scope;
}
