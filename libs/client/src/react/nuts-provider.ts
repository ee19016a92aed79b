import { createElement, type ReactElement, type ReactNode, useMemo } from 'react';
import type { Hub } from '../hub/hub.js';
import { FrameBatch } from './frame-batch.js';
import { HubContext } from './hub-context.js';

/** Properties of {@link NutsProvider}. */
export interface NutsProviderProps {
  /** Made by `connect`, once, outside of components. Who made it closes it. */
  readonly hub: Hub;
  readonly children?: ReactNode;
}

/** Gives a hub to the hooks of all components below. It opens nothing by itself. */
export function NutsProvider({ hub, children }: NutsProviderProps): ReactElement {
  const scope = useMemo(() => ({ hub, frames: new FrameBatch() }), [hub]);
  return createElement(HubContext.Provider, { value: scope }, children);
}
