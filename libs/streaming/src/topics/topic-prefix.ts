/**
 * The topic of a subject, without the hub's prefix. Undefined if no topic has this subject: it has another
 * prefix, nothing after the prefix, or an empty token after a prefix without a final dot (`shop` and the
 * subject `shop.x`).
 */
export function topicOfSubject(prefix: string, subject: string): string | undefined {
  if (subject.length <= prefix.length || !subject.startsWith(prefix)) return undefined;
  return subject[prefix.length] === '.' ? undefined : subject.slice(prefix.length);
}
