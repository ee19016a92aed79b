/**
 * The one subject filter of a tail. A prefix that ends within a token (`events-`) is no NATS filter:
 * the tail reads wider and `TopicIndex` matches here.
 */
export function tailFilter(topicPrefix: string): string {
  const lastDot = topicPrefix.lastIndexOf('.');
  return `${topicPrefix.slice(0, lastDot + 1)}>`;
}
