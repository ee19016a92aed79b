import { ADDED_METRICS } from './added-metrics.js';
import type { MetricDefinition } from './metric-definition.interface.js';
import { ORIGINAL_METRICS } from './original-metrics.js';

/**
 * Every metric of the service, with the names and labels of contract §8. Dashboards and alerts are tested
 * against this catalogue, so a renamed metric fails their tests.
 */
export const METRIC_CATALOGUE = { ...ORIGINAL_METRICS, ...ADDED_METRICS };

/** Name of one of the service's metrics. */
export type MetricName = keyof typeof METRIC_CATALOGUE;

type NamesOf<T extends MetricDefinition['type']> = {
  [N in MetricName]: (typeof METRIC_CATALOGUE)[N]['type'] extends T ? N : never;
}[MetricName];

export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

/** The definition with its general type, for code that treats all metrics alike. */
export function definitionOf(name: MetricName): MetricDefinition {
  return METRIC_CATALOGUE[name];
}

/** All names, in the catalogue's order. */
export const METRIC_NAMES = Object.keys(METRIC_CATALOGUE) as MetricName[];
