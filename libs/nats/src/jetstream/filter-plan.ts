/**
 * The filter subjects to send to the server for a wanted set: never narrower than wanted, and as narrow as
 * the server's version allows. Empty means all. The caller filters the rest.
 *
 * @param many - whether the server accepts several filters without skipping messages.
 */
export function planFilters(wanted: readonly string[], many: boolean): string[] {
  const distinct = [...new Set(wanted)];
  // Two different literals never cover each other, so a thousand topics are not compared in a million
  // pairs.
  const wide = distinct.filter(hasWildcard);
  const widest = distinct.filter(
    (filter) => !wide.some((other) => other !== filter && covers(other, filter)),
  );
  if (widest.length <= 1) return widest.includes('>') ? [] : widest;
  // The server rejects overlapping filters (10138), such as `a.*` and `*.b`.
  const apart = wide.every((a) => widest.every((b) => a === b || !overlap(a, b)));
  if (many && apart) return widest;
  const common = commonFilter(widest);
  return common === undefined ? [] : [common];
}

/** Whether the filter matches everything that the stream can contain in its current configuration. */
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

/** The longest common sequence of leading tokens, followed by `>`; undefined if there is none. */
function commonFilter(filters: readonly string[]): string | undefined {
  const lists = filters.map((filter) => filter.split('.'));
  const shortest = Math.min(...lists.map((tokens) => tokens.length));
  const first = lists[0] ?? [];
  let shared = 0;
  // The last token of the shortest filter is excluded, because `>` needs at least one token.
  while (shared < shortest - 1 && isShared(first[shared], shared, lists)) shared++;
  return shared === 0 ? undefined : [...first.slice(0, shared), '>'].join('.');
}

function isShared(token: string | undefined, at: number, lists: readonly string[][]): boolean {
  return token !== undefined && token !== '>' && lists.every((tokens) => tokens[at] === token);
}

/** Whether `wide` matches every subject that `narrow` matches. */
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

/** Whether some subject matches both. */
function overlap(one: string, two: string): boolean {
  const [a, b] = [one.split('.'), two.split('.')];
  for (let i = 0; ; i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined) return x === y;
    if (x === '>' || y === '>') return true;
    if (x !== '*' && y !== '*' && x !== y) return false;
  }
}
