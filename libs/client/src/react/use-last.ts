import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { HubError } from '../hub-error.js';
import { ExternalStore } from './external-store.js';
import { useHubScope } from './hub-context.js';
import { emptyLast, type LastPayloads, LastSource } from './last-source.js';

/** Options of {@link useLast}. May be passed inline. */
export interface UseLastOptions {
  /** Called when the hub refuses the topics; for the connection use `useHubState`. */
  readonly onError?: (error: HubError) => void;
}

/**
 * The newest payload by topic, from stored messages first and then from new ones. Topics may be passed
 * inline; when they change, payloads of remaining topics are kept. Throws outside of a provider.
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
