import type { TargetName } from '../programs/target.interface.js';
import type { Goal } from './scenario.interface.js';

/** The service's figure, as a ratio to a limit program's in the same run. */
export function ratioTo(
  limit: TargetName,
  metric: string,
  at: Goal['at'],
  bound: number,
  label: string,
  limitMetric = metric,
): Goal {
  return {
    label,
    value: (read) => read('service', metric) / read(limit, limitMetric),
    at,
    bound,
    unit: '×',
  };
}

/** The service's figure itself. */
export function absolute(
  metric: string,
  at: Goal['at'],
  bound: number,
  unit: string,
  label: string,
): Goal {
  return { label, value: (read) => read('service', metric), at, bound, unit };
}

/** One figure of the service beside another of its own, with and without a burden. */
export function ratioToOwn(
  metric: string,
  without: string,
  at: Goal['at'],
  bound: number,
  label: string,
): Goal {
  return {
    label,
    value: (read) => read('service', metric) / read('service', without),
    at,
    bound,
    unit: '×',
  };
}
