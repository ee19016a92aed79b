import { createElement, type ReactElement, type ReactNode, useMemo } from 'react';
import type { Hub } from '../hub/hub.js';
import { FrameBatch } from './frame-batch.js';
import { HubContext } from './hub-context.js';

/** Properties of {@link NutsProvider}. */
export interface NutsProviderProps {
  /** Created with `connect`, once, outside of components. The creator closes it. */
  readonly hub: Hub;
  readonly children?: ReactNode;
}

/** Provides a hub to the hooks of all components below. Does not connect by itself. */
export function NutsProvider({ hub, children }: NutsProviderProps): ReactElement {
  const scope = useMemo(() => ({ hub, frames: new FrameBatch() }), [hub]);
  return createElement(HubContext.Provider, { value: scope }, children);
}
