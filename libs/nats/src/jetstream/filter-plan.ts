/**
 * The filter subjects to send to the server for a wanted set: never narrower than wanted, as narrow
 * as the server's version allows. Empty means all. The caller matches what comes wider.
 *
 * @param many - whether the server takes several without ever skipping a message.
 */
export function planFilters(wanted: readonly string[], many: boolean): string[] {
  const distinct = [...new Set(wanted)];
  // Of two different literals neither covers the other: a thousand topics are not a million pairs.
  const wide = distinct.filter(hasWildcard);
  const widest = distinct.filter(
    (filter) => !wide.some((other) => other !== filter && covers(other, filter)),
  );
  if (widest.length <= 1) return widest.includes('>') ? [] : widest;
  // The server refuses filters that overlap each other (10138), as `a.*` and `*.b` do.
  const apart = wide.every((a) => widest.every((b) => a === b || !overlap(a, b)));
  if (many && apart) return widest;
  const common = commonFilter(widest);
  return common === undefined ? [] : [common];
}

/** True when the stream can hold nothing that the filter does not match, as it is configured now. */
export function coversAll(
  filter: string,
  stream: { readonly subjects: readonly string[]; readonly hasSources: boolean },
): boolean {
  const { subjects, hasSources } = stream;
  return !hasSources && subjects.length > 0 && subjects.every((one) => covers(filter, one));
}

function hasWildcard(filter: string): boolean {
  return filter.includes('*') || filter.includes('>');
}

/** The longest run of leading tokens that all share, closed by `>`; undefined when there is none. */
function commonFilter(filters: readonly string[]): string | undefined {
  const lists = filters.map((filter) => filter.split('.'));
  const shortest = Math.min(...lists.map((tokens) => tokens.length));
  const first = lists[0] ?? [];
  let shared = 0;
  // The last token of the shortest stays out: `>` needs at least one token to stand for.
  while (shared < shortest - 1 && isShared(first[shared], shared, lists)) shared++;
  return shared === 0 ? undefined : [...first.slice(0, shared), '>'].join('.');
}

function isShared(token: string | undefined, at: number, lists: readonly string[][]): boolean {
  return token !== undefined && token !== '>' && lists.every((tokens) => tokens[at] === token);
}

/** True when every subject that `narrow` matches is matched by `wide`. */
function covers(wide: string, narrow: string): boolean {
  const [w, n] = [wide.split('.'), narrow.split('.')];
  for (const [i, token] of w.entries()) {
    const other = n[i];
    if (other === undefined) return false;
    if (token === '>') return true;
    if (other === '>' || (token !== '*' && token !== other)) return false;
  }
  return w.length === n.length;
}

/** True when some subject is matched by both. */
function overlap(one: string, two: string): boolean {
  const [a, b] = [one.split('.'), two.split('.')];
  for (let i = 0; ; i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined) return x === y;
    if (x === '>' || y === '>') return true;
    if (x !== '*' && y !== '*' && x !== y) return false;
  }
}
