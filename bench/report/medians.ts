/** The median of each figure over several rounds; the figures may come from different rounds. */
export function mediansOf<T extends Readonly<Record<keyof T, number>>>(
  all: readonly T[],
): Record<keyof T, number> {
  const [first] = all;
  if (first === undefined) throw new Error('nothing was measured');
  const figures = Object.keys(first) as (keyof T)[];
  const median = (figure: keyof T): number => {
    const sorted = all.map((each) => each[figure]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? NaN;
  };
  return Object.fromEntries(figures.map((figure) => [figure, median(figure)])) as Record<
    keyof T,
    number
  >;
}
