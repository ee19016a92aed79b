import { useMemo, useSyncExternalStore } from 'react';
import { CLOSED, type HubState } from '../hub/hub-state.js';
import { ExternalStore } from './external-store.js';
import { useHubScope } from './hub-context.js';

/** The state of the hub's connection. Throws outside of a provider. */
export function useHubState(): HubState {
  const { hub, frames } = useHubScope();
  const store = useMemo(() => {
    const read = (): HubState => hub.state;
    const open = (changed: () => void): (() => void) => {
      changed();
      return hub.on('state', changed);
    };
    return new ExternalStore({ open, read }, frames);
  }, [hub, frames]);
  return useSyncExternalStore(store.subscribe, store.read, () => CLOSED);
}
