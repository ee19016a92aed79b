const FARTHEST = 2;

/** The Levenshtein distance of two words. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known name most similar to a mistyped one, if it is similar enough. */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  const close = known
    .filter((candidate) => Math.abs(candidate.length - name.length) <= FARTHEST)
    .map((candidate) => ({ candidate, edits: distance(name, candidate) }))
    .filter(({ edits }) => edits <= FARTHEST)
    .sort((a, b) => a.edits - b.edits);
  return close[0]?.candidate;
}
