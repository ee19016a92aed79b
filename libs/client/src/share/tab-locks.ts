/** The part of the Web Locks API that this package uses. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    callback: () => Promise<unknown> | undefined,
  ): Promise<unknown>;
}

/** The browser's locks; undefined if it has no locks or no BroadcastChannel. */
export function tabLocks(): TabLocks | undefined {
  const { navigator, BroadcastChannel: channel } = globalThis as {
    navigator?: { locks?: TabLocks };
    BroadcastChannel?: unknown;
  };
  return channel === undefined ? undefined : navigator?.locks;
}
