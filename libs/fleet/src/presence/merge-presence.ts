import { MAX_CLIENTS, type TopicPresence } from '@nuts/streaming';

/** Merges the answers of the processes, by topic in the requested order. */
export function mergePresence(
  topics: readonly string[],
  answers: readonly ReadonlyMap<string, TopicPresence>[],
): Record<string, TopicPresence> {
  return Object.fromEntries(
    topics.map((topic) => [topic, mergeTopic(answers.flatMap((known) => known.get(topic) ?? []))]),
  );
}

function mergeTopic(parts: readonly TopicPresence[]): TopicPresence {
  const clients = new Map<string, number>();
  for (const part of parts) {
    for (const { subject, streams } of part.clients) {
      clients.set(subject, (clients.get(subject) ?? 0) + streams);
    }
  }
  const sorted = [...clients].sort(([a], [b]) => (a < b ? -1 : 1));
  const more = sorted.length > MAX_CLIENTS || parts.some((part) => part.more === true);
  return {
    streams: parts.reduce((sum, { streams }) => sum + streams, 0),
    clients: sorted.slice(0, MAX_CLIENTS).map(([subject, streams]) => ({ subject, streams })),
    ...(more && { more }),
  };
}
