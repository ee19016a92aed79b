import { hasWildcard } from './subject-pattern.js';

/** Longest topic in bytes; the alphabet is ASCII, so characters and bytes are the same. */
export const MAX_TOPIC_BYTES = 256;

/** Tokens of a pattern with wildcards: each costs every process a node of its index. */
export const MAX_PATTERN_TOKENS = 32;

/** What a topic is written with; in a bucket it is a key, which may hold `/` and `=` as well. */
export type TopicAlphabet = 'topic' | 'key';

const NAME = { topic: /^[A-Za-z0-9._-]+$/, key: /^[A-Za-z0-9._/=-]+$/ };
const NAME_OR_WILDCARD = { topic: /^[A-Za-z0-9._*>-]+$/, key: /^[A-Za-z0-9._/=*>-]+$/ };

/**
 * Whether a text is a topic that a client may ask for by name (contract §2): 1 to 256 bytes of
 * `A-Z a-z 0-9 . _ -`, with no leading, trailing or doubled dot. A leading `$` is outside the
 * alphabet already.
 */
export function isTopic(text: string, alphabet: TopicAlphabet = 'topic'): boolean {
  return text.length <= MAX_TOPIC_BYTES && NAME[alphabet].test(text) && hasNoEmptyToken(text);
}

/**
 * Whether a text is a topic or a pattern in NATS syntax: `*` stands alone for one token, `>` stands
 * alone as the last token.
 */
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
