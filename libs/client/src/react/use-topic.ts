import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { ExternalStore } from './external-store.js';
import { useHubScope } from './hub-context.js';
import { emptyTopic, type TopicSnapshot, TopicSource } from './topic-source.js';

/** Options of {@link useTopic}. May be given inline. */
export interface UseTopicOptions {
  /** `live`, `all`, `last`, `last:N`, a duration, or a time (contract §9). Default: what the hub says. */
  readonly start?: string;
  /** The most messages that are kept. Default 100. */
  readonly limit?: number;
}

/**
 * The messages of a topic, or of several; an empty list subscribes to nothing. Renders at most once a
 * frame, however many messages come. Another topic or `start` begins with no messages. Throws outside
 * of a provider.
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
