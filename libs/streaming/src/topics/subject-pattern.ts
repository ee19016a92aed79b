/**
 * Subjects and patterns, including the hub's prefix. Patterns follow NATS, with one extension: a token may
 * end with a wildcard. Prefixes without a final dot produce such tokens: `shop` and the topic `*` give
 * `shop*`, which matches every longer token that starts with `shop`. NATS does not support this: query it
 * with {@link natsFilter}, and match here.
 */

const STAR = 0x2a;
const REST = 0x3e;

/** Whether a topic or subject pattern contains a wildcard. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('>');
}

/** Whether a pattern matches a literal subject: `*` is one token, a final `>` one or more tokens. */
export function matchesSubject(pattern: string, subject: string): boolean {
  let at = 0;
  let from = 0;
  for (;;) {
    const tokenEnd = endOfToken(pattern, at);
    const end = endOfToken(subject, from);
    const last = pattern.charCodeAt(tokenEnd - 1);
    if (last === STAR || last === REST) {
      const stem = tokenEnd - 1 - at;
      if (end - from <= stem || !sameToken(pattern, at, tokenEnd - 1, subject, from)) return false;
      if (last === REST) return true;
    } else if (end - from !== tokenEnd - at || !sameToken(pattern, at, tokenEnd, subject, from)) {
      return false;
    }
    if (tokenEnd === pattern.length || end === subject.length) {
      return tokenEnd === pattern.length && end === subject.length;
    }
    at = tokenEnd + 1;
    from = end + 1;
  }
}

/**
 * Whether `filter` matches every subject that `pattern` matches: `orders.>` covers `orders.*.new`, but
 * `orders.*` does not cover `orders.>`. Both may be literal.
 */
export function patternCovers(filter: string, pattern: string): boolean {
  const wide = filter.split('.');
  const narrow = pattern.split('.');
  for (const [index, token] of wide.entries()) {
    const other = narrow[index];
    if (other === undefined || !tokenCovers(token, other)) return false;
    if (token.endsWith('>')) return true;
    if (other.endsWith('>')) return false;
  }
  return wide.length === narrow.length;
}

/** Whether some subject matches both patterns. Both may be literal. */
export function patternsOverlap(left: string, right: string): boolean {
  const one = left.split('.');
  const two = right.split('.');
  for (const [index, token] of one.entries()) {
    const other = two[index];
    if (other === undefined || !tokensOverlap(token, other)) return false;
    if (token.endsWith('>') || other.endsWith('>')) return true;
  }
  return one.length === two.length;
}

/** The narrowest NATS filter that covers a pattern: `a.shop*.x` gives `a.*.x`. */
export function natsFilter(pattern: string): string {
  return hasWildcard(pattern) ? pattern.replace(/[^.*>]+(?=[*>])/g, '') : pattern;
}

/**
 * Whether a stream with these subjects can hold messages of a subject or pattern. A literal must be covered
 * by one of the subjects; for a pattern, one matching subject is sufficient.
 */
export function streamHolds(streamSubjects: readonly string[], pattern: string): boolean {
  const fits = hasWildcard(pattern) ? patternsOverlap : matchesSubject;
  return streamSubjects.some((subject) => fits(subject, pattern));
}

function endOfToken(text: string, from: number): number {
  const dot = text.indexOf('.', from);
  return dot === -1 ? text.length : dot;
}

function sameToken(a: string, from: number, to: number, b: string, at: number): boolean {
  for (let offset = 0; offset < to - from; offset++) {
    if (a.charCodeAt(from + offset) !== b.charCodeAt(at + offset)) return false;
  }
  return true;
}

/** The text before a wildcard at a token's end; undefined for a literal token. */
function stemOf(token: string): string | undefined {
  return token.endsWith('*') || token.endsWith('>') ? token.slice(0, -1) : undefined;
}

function tokenCovers(wide: string, narrow: string): boolean {
  const stem = stemOf(wide);
  if (stem === undefined) return wide === narrow;
  const narrowStem = stemOf(narrow);
  if (narrowStem !== undefined) return narrowStem.startsWith(stem);
  return narrow.length > stem.length && narrow.startsWith(stem);
}

function tokensOverlap(one: string, two: string): boolean {
  return tokenCovers(one, two) || tokenCovers(two, one);
}
