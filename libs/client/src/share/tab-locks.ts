/** The part of the Web Locks API that is used here. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    callback: () => Promise<unknown> | undefined,
  ): Promise<unknown>;
}

/** The browser's locks; undefined where it has none, or no channel between its tabs. */
export function tabLocks(): TabLocks | undefined {
  const { navigator, BroadcastChannel: channel } = globalThis as {
    navigator?: { locks?: TabLocks };
    BroadcastChannel?: unknown;
  };
  return channel === undefined ? undefined : navigator?.locks;
}
