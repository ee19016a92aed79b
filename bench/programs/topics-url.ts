/**
 * A stream's URL: topics as `topic` parameters, or in the place of `{topics}`, separated by commas,
 * for servers that name them otherwise. `{i}` in a topic stays for the load client.
 */
export function withTopics(url: string, topics: readonly string[]): string {
  if (url.includes('{topics}')) return url.replace('{topics}', topics.join(','));
  const query = topics.map((topic) => `topic=${topic}`).join('&');
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}
