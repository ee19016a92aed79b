import type { TargetName } from '../programs/target.interface.js';
import type { Goal } from '../scenarios/scenario.interface.js';
import type { GoalResult, RunMetrics } from './results.interface.js';

/** The median; for an even number of values, the mean of the two in the middle. NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  if (!Number.isInteger(middle)) return upper;
  return ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** A figure of one server, its median over the runs. */
export function medianOf(runs: readonly RunMetrics[], target: TargetName, metric: string): number {
  return median(runs.map((run) => run[target]?.[metric] ?? NaN));
}

/**
 * The median over the runs of a goal's value: each run's value is taken from that run alone, since
 * ratios between runs would compare two moods of the machine.
 *
 * @param all the runs of every scenario so far, this one's included
 */
export function evaluate(
  goal: Goal,
  own: string,
  all: ReadonlyMap<string, readonly RunMetrics[]>,
): GoalResult {
  const { label, at, bound, unit } = goal;
  const runs = all.get(own) ?? [];
  const values = runs.map((_, index) =>
    goal.value(
      (target, metric, scenario = own) => all.get(scenario)?.[index]?.[target]?.[metric] ?? NaN,
    ),
  );
  const value = median(values);
  const isMet = at === 'least' ? value >= bound : value <= bound;
  return { label, value, at, bound, unit, isMet };
}
