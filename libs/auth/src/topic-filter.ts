/**
 * Topic filters in NATS syntax: tokens separated by dots, `*` for exactly one token, a final `>` for one or
 * more, and a single `*` or `>` for everything (contract §6). Pure.
 */

/** A parsed filter; only {@link parseTopicFilter} creates one. */
export interface TopicFilter {
  /** Literal tokens and `*`, without the final `>`. */
  readonly tokens: readonly string[];
  /** Whether one or more further tokens must follow: the filter ends with `>`. */
  readonly open: boolean;
}

/** A valid NATS token: no dot, white space or control character, and no wildcard inside. */
// eslint-disable-next-line no-control-regex -- control characters are what must be refused
const TOKEN = /^[^\s\u0000-\u0020\u007f.*>]+$/u;

/** Parses a filter; undefined if `text` is invalid: empty tokens, a `>` before the end, `a*`, spaces. */
export function parseTopicFilter(text: string): TopicFilter | undefined {
  if (text === '*') return { tokens: [], open: true };
  const tokens = text.split('.');
  const open = tokens.at(-1) === '>';
  if (open) tokens.pop();
  if (!tokens.every((token) => token === '*' || TOKEN.test(token))) return undefined;
  return { tokens, open };
}

/**
 * Whether the filters together cover everything that `requested` (a topic, or a wildcard with
 * `allow_wildcards`) can match: a subset, not an overlap.
 *
 * This is exact, because there are infinitely many literal tokens: a requested `*` also matches a token
 * that no filter names, so only `*` or `>` covers it. A requested `>` matches every length, and all lengths
 * beyond the longest filter are equivalent.
 */
export function filtersCover(filters: readonly TopicFilter[], requested: string): boolean {
  const pattern = parseTopicFilter(requested);
  if (pattern === undefined) return false;
  if (!pattern.open) return filters.some((filter) => accepts(filter, pattern.tokens));

  const longest = Math.max(0, ...filters.map((filter) => filter.tokens.length));
  const witness = [...pattern.tokens];
  do {
    witness.push('*');
    if (!filters.some((filter) => accepts(filter, witness))) return false;
  } while (witness.length <= longest);
  return true;
}

/** Whether the filter matches this sequence of tokens; here `*` is a token that the filter does not name. */
function accepts(filter: TopicFilter, tokens: readonly string[]): boolean {
  const long = tokens.length - filter.tokens.length;
  if (filter.open ? long < 1 : long !== 0) return false;
  return filter.tokens.every((token, index) => token === '*' || token === tokens[index]);
}
