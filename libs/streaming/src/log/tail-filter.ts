/**
 * The subject filter of a tail. A prefix that ends within a token (`events-`) is not a valid NATS filter:
 * the tail then reads more, and `TopicIndex` selects the messages.
 */
export function tailFilter(topicPrefix: string): string {
  const lastDot = topicPrefix.lastIndexOf('.');
  return `${topicPrefix.slice(0, lastDot + 1)}>`;
}
