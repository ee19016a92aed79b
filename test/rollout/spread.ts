/** The distribution of reconnects over time. */
export interface Spread {
  readonly count: number;
  /** From the first to the last, in seconds. */
  readonly seconds: number;
  /** The most in any whole second. */
  readonly busiestSecond: number;
}

/** @param timesMs times of reconnects, in ascending order */
export function spreadOf(timesMs: readonly number[]): Spread {
  const first = timesMs[0] ?? 0;
  const bins = new Map<number, number>();
  for (const at of timesMs) {
    const second = Math.floor((at - first) / 1000);
    bins.set(second, (bins.get(second) ?? 0) + 1);
  }
  return {
    count: timesMs.length,
    seconds: Math.round(((timesMs.at(-1) ?? first) - first) / 100) / 10,
    busiestSecond: Math.max(0, ...bins.values()),
  };
}
