import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { MetricsModuleExtras, MetricsModuleOptions } from './metrics.options.js';
import { assembleMetricsModule } from './prometheus/assemble-module.js';

const METRICS_OPTIONS = Symbol('NutsMetricsOptions');

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<MetricsModuleOptions>({ optionsInjectionToken: METRICS_OPTIONS })
    .setClassMethodName('forRoot')
    .setExtras<MetricsModuleExtras>({}, (definition, extras) =>
      assembleMetricsModule(definition, extras, METRICS_OPTIONS),
    )
    .build();
