/**
 * The topic of a subject, without the hub's prefix. Undefined when no topic has this subject:
 * another prefix, nothing after the prefix, or an empty token after a prefix without a dot at its end
 * (`shop` and the subject `shop.x`).
 */
export function topicOfSubject(prefix: string, subject: string): string | undefined {
  if (subject.length <= prefix.length || !subject.startsWith(prefix)) return undefined;
  return subject[prefix.length] === '.' ? undefined : subject.slice(prefix.length);
}
