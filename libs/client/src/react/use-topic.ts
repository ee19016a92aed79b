import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { ExternalStore } from './external-store.js';
import { useHubScope } from './hub-context.js';
import { emptyTopic, type TopicSnapshot, TopicSource } from './topic-source.js';

/** Options of {@link useTopic}. May be passed inline. */
export interface UseTopicOptions {
  /** `live`, `all`, `last`, `last:N`, a duration, or a time (contract §9). Default: the hub's. */
  readonly start?: string;
  /** Maximum number of messages to keep. Default 100. */
  readonly limit?: number;
}

/**
 * The messages of one or more topics; an empty list subscribes to nothing. Renders at most once per frame,
 * however many messages arrive. A different topic or `start` starts without messages. Throws outside of a
 * provider.
 */
export function useTopic<Payload = unknown>(
  topic: string | readonly string[],
  { start, limit = 100 }: UseTopicOptions = {},
): TopicSnapshot<Payload> {
  const { hub, frames } = useHubScope();
  const key = JSON.stringify([topic].flat());
  const { store, source } = useMemo(() => {
    const source = new TopicSource<Payload>(hub, JSON.parse(key) as string[], start);
    return { source, store: new ExternalStore(source, frames) };
  }, [hub, frames, key, start]);
  useEffect(() => {
    source.limit = limit;
  }, [source, limit]);
  return useSyncExternalStore(store.subscribe, store.read, emptyTopic);
}
