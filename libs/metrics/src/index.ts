export * from './metric-catalogue.js';
export * from './metrics-exposition.service.js';
export * from './metrics-registry.js';
export * from './metrics.module.js';
export type { MetricsModuleExtras, MetricsModuleOptions } from './metrics.options.js';
export * from './noop-metrics.service.js';
export * from './nuts-metrics.interface.js';
export { PrometheusMetrics } from './prometheus/prometheus-metrics.service.js';
export { UnfailingMetrics } from './unfailing-metrics.js';
