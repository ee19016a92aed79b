/** The last `limit` entries of a list; none for a limit below 1. */
export function newest<Entry>(list: readonly Entry[], limit: number): readonly Entry[] {
  const count = Math.floor(limit);
  if (list.length <= count) return list;
  return count > 0 ? list.slice(-count) : [];
}
