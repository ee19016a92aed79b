import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './metrics.module-definition.js';

/**
 * Binds `NUTS_METRICS` to Prometheus, with a registry for each application, and serves the scrape.
 *
 * `MetricsModule.forRoot({ path, defaultMetrics, controller, isGlobal })`; nothing is required.
 */
@Module({})
export class MetricsModule extends ConfigurableModuleClass {}
