import { hasWildcard } from './subject-pattern.js';

/** Maximum length of a topic in bytes, which equals characters because the alphabet is ASCII. */
export const MAX_TOPIC_BYTES = 256;

/** Maximum number of tokens in a wildcard pattern: each costs every process an index node. */
export const MAX_PATTERN_TOKENS = 32;

/** The alphabet of a topic; in a bucket, a topic is a key, which may also contain `/` and `=`. */
export type TopicAlphabet = 'topic' | 'key';

const NAME = { topic: /^[A-Za-z0-9._-]+$/, key: /^[A-Za-z0-9._/=-]+$/ };
const NAME_OR_WILDCARD = { topic: /^[A-Za-z0-9._*>-]+$/, key: /^[A-Za-z0-9._/=*>-]+$/ };

/**
 * Whether a text is a valid topic without wildcards (contract §2): 1 to 256 bytes of `A-Z a-z 0-9 . _ -`,
 * without a leading, trailing or doubled dot. This also excludes a leading `$`.
 */
export function isTopic(text: string, alphabet: TopicAlphabet = 'topic'): boolean {
  return text.length <= MAX_TOPIC_BYTES && NAME[alphabet].test(text) && hasNoEmptyToken(text);
}

/** Whether a text is a topic or a pattern in NATS syntax: `*` as a whole token, `>` as the whole last token. */
export function isTopicPattern(text: string, alphabet: TopicAlphabet = 'topic'): boolean {
  if (text.length > MAX_TOPIC_BYTES || !NAME_OR_WILDCARD[alphabet].test(text)) return false;
  const tokens = text.split('.');
  if (tokens.length > MAX_PATTERN_TOKENS && hasWildcard(text)) return false;
  return tokens.every((token, index) => {
    if (token === '>') return index === tokens.length - 1;
    return token === '*' || (token !== '' && !hasWildcard(token));
  });
}

function hasNoEmptyToken(text: string): boolean {
  return !text.startsWith('.') && !text.endsWith('.') && !text.includes('..');
}
