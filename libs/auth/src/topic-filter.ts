/**
 * Topic filters in NATS syntax: tokens between dots, `*` for exactly one token, `>` at the end for
 * one or more, and a bare `*` or `>` for everything (contract §6). Pure.
 */

/** A filter cut into tokens; only {@link parseTopicFilter} makes one. */
export interface TopicFilter {
  /** Literal tokens and `*`, without the closing `>`. */
  readonly tokens: readonly string[];
  /** Whether one or more further tokens must follow: the filter ends in `>`. */
  readonly open: boolean;
}

/** What NATS takes as a token: no dot, no white space or control character, and no wildcard inside. */
// eslint-disable-next-line no-control-regex -- control characters are what must be refused
const TOKEN = /^[^\s\u0000-\u0020\u007f.*>]+$/u;

/** The filter, or undefined when `text` is none: empty tokens, a `>` before the end, `a*`, spaces. */
export function parseTopicFilter(text: string): TopicFilter | undefined {
  if (text === '*' || text === '>') return { tokens: [], open: true };
  const tokens = text.split('.');
  const open = tokens.at(-1) === '>';
  if (open) tokens.pop();
  if (!tokens.every((token) => token === '*' || TOKEN.test(token))) return undefined;
  return { tokens, open };
}

/**
 * Whether everything that `requested` (a topic, or a wildcard with `allow_wildcards`) can mean lies
 * within the filters taken together: a subset, not an overlap.
 *
 * Exact, because there are endlessly many literal tokens: a requested `*` also means a token that
 * no filter names, so only `*` or `>` covers it. A requested `>` means every length, and lengths
 * beyond the longest filter differ in nothing any more.
 */
export function filtersCover(filters: readonly TopicFilter[], requested: string): boolean {
  const everything = requested === '*' || requested === '>';
  const pattern = everything ? { tokens: [], open: true } : parseTopicFilter(requested);
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

/** Whether the filter takes this sequence of tokens, where `*` stands for a token that is new to it. */
function accepts(filter: TopicFilter, tokens: readonly string[]): boolean {
  const long = tokens.length - filter.tokens.length;
  if (filter.open ? long < 1 : long !== 0) return false;
  return filter.tokens.every((token, index) => token === '*' || token === tokens[index]);
}
