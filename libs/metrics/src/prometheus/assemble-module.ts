import { type DynamicModule, type InjectionToken, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { Registry } from 'prom-client';
import { MetricsExposition } from '../metrics-exposition.service.js';
import { METRICS_REGISTRY } from '../metrics-registry.js';
import { createMetricsController } from '../metrics.controller.js';
import type { MetricsModuleExtras, MetricsModuleOptions } from '../metrics.options.js';
import { NUTS_METRICS } from '../nuts-metrics.interface.js';
import { HubReadingsStore } from './hub-readings.service.js';
import { instrumentProviders } from './instruments.providers.js';
import { PrometheusMetrics } from './prometheus-metrics.service.js';

/** Provides the options and the registry, so that the library's module can inject them. */
@Module({})
class MetricsSettingsModule {}

/** Assembles the module that `MetricsModule.forRoot` and `forRootAsync` return. */
export function assembleMetricsModule(
  definition: DynamicModule,
  extras: MetricsModuleExtras,
  optionsToken: InjectionToken,
): DynamicModule {
  const settings: DynamicModule = {
    module: MetricsSettingsModule,
    imports: definition.imports ?? [],
    providers: [
      ...(definition.providers ?? []),
      { provide: METRICS_REGISTRY, useFactory: () => new Registry() },
      MetricsExposition,
    ],
    exports: [optionsToken, METRICS_REGISTRY, MetricsExposition],
  };
  const prometheus = PrometheusModule.registerAsync({
    imports: [settings],
    inject: [METRICS_REGISTRY, optionsToken],
    useFactory: (...[registry, options]: unknown[]) => ({
      defaultMetrics: {
        enabled: (options as MetricsModuleOptions).defaultMetrics ?? false,
        config: { register: registry as Registry },
      },
    }),
    controller: createMetricsController(extras.path ?? '/metrics'),
  });
  return {
    module: definition.module,
    global: extras.isGlobal ?? true,
    imports: [
      settings,
      extras.controller === false ? { ...prometheus, controllers: [] } : prometheus,
    ],
    providers: [
      HubReadingsStore,
      ...instrumentProviders,
      PrometheusMetrics,
      { provide: NUTS_METRICS, useExisting: PrometheusMetrics },
    ],
    exports: [NUTS_METRICS, settings],
  };
}
