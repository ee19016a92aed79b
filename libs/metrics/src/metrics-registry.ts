import { Inject } from '@nestjs/common';

/**
 * Injection token of the application's own prom-client `Registry`. Register further metrics with
 * `registers: [registry]`. prom-client's global registry is never used, so that two applications in one
 * process are independent.
 */
export const METRICS_REGISTRY = Symbol('MetricsRegistry');

/** Injects the application's `Registry`. */
export const InjectMetricsRegistry = (): ParameterDecorator & PropertyDecorator =>
  Inject(METRICS_REGISTRY);
