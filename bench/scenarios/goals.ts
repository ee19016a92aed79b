import type { TargetName } from '../programs/target.interface.js';
import type { Goal } from './scenario.interface.js';

/** The service's value, relative to that of a limit program in the same run. */
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

/** The service's own value. */
export function absolute(
  metric: string,
  at: Goal['at'],
  bound: number,
  unit: string,
  label: string,
): Goal {
  return { label, value: (read) => read('service', metric), at, bound, unit };
}

/** A value of the service compared with another one of its own, with and without an additional load. */
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
