/** Returns a test for topics that a list of topics covers; `*` is one token, `>` the rest (contract §2). */
export function topicFilter(topics: readonly string[]): (topic: string) => boolean {
  const exact = new Set(topics);
  const patterns = topics.filter((topic) => /(^|\.)[*>](\.|$)/.test(topic)).map(toPattern);
  return (topic) => exact.has(topic) || patterns.some((pattern) => pattern.test(topic));
}

/** The distinct topics of several lists, in the same order for equal sets. */
export function unionOf(lists: Iterable<readonly string[]>): string[] {
  return [...new Set([...lists].flat())].sort();
}

function toPattern(topic: string): RegExp {
  const tokens = topic.split('.').map((token) => {
    if (token === '*') return '[^.]+';
    if (token === '>') return '.+';
    return token.replace(/[^\w-]/g, '\\$&');
  });
  return new RegExp(`^${tokens.join('\\.')}$`);
}
