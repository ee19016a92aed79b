import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { HubError } from '../hub-error.js';
import { ExternalStore } from './external-store.js';
import { useHubScope } from './hub-context.js';
import { emptyLast, type LastPayloads, LastSource } from './last-source.js';

/** Options of {@link useLast}. May be given inline. */
export interface UseLastOptions {
  /** Told when the hub refuses the topics; `useHubState` tells of the connection. */
  readonly onError?: (error: HubError) => void;
}

/**
 * The newest payload by topic: of messages that were stored before, then of those that come. Topics
 * may be given inline; when they change, the payloads of those that stay are kept. Throws outside of a
 * provider.
 */
export function useLast<Payload = unknown>(
  topics: string | readonly string[],
  { onError }: UseLastOptions = {},
): LastPayloads<Payload> {
  const { hub, frames } = useHubScope();
  const key = JSON.stringify([topics].flat());
  const [first] = useState(key);
  const { store, source } = useMemo(() => {
    const source = new LastSource<Payload>(hub, JSON.parse(first) as string[]);
    return { source, store: new ExternalStore(source, frames) };
  }, [hub, frames, first]);
  useEffect(() => source.follow(JSON.parse(key) as string[]), [source, key]);
  useEffect(() => {
    source.failed = onError;
  }, [source, onError]);
  return useSyncExternalStore(store.subscribe, store.read, emptyLast);
}
