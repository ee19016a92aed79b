import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './metrics.module-definition.js';

/**
 * Binds `NUTS_METRICS` to Prometheus, with one registry per application, and serves the scrape.
 *
 * `MetricsModule.forRoot({ path, defaultMetrics, controller, isGlobal })`; all options are optional.
 */
@Module({})
export class MetricsModule extends ConfigurableModuleClass {}
