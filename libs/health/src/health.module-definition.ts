import { ConfigurableModuleBuilder } from '@nestjs/common';
import {
  DEFAULT_PROBE_PATHS,
  type HealthModuleExtras,
  type HealthModuleOptions,
} from './health.options.js';
import { HUB_HEALTH } from './hub-health.interface.js';
import { createProbeController } from './probe.controller.js';

const HEALTH_OPTIONS = Symbol('NutsHealthOptions');

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<HealthModuleOptions>({ optionsInjectionToken: HEALTH_OPTIONS })
    .setClassMethodName('forRoot')
    .setExtras<HealthModuleExtras>({}, (definition, extras) => ({
      ...definition,
      global: extras.isGlobal ?? true,
      controllers:
        extras.controller === false
          ? []
          : [createProbeController(extras.controller ?? DEFAULT_PROBE_PATHS)],
      providers: [
        ...(definition.providers ?? []),
        {
          provide: HUB_HEALTH,
          inject: [HEALTH_OPTIONS],
          useFactory: (options: HealthModuleOptions) => options.source,
        },
      ],
    }))
    .build();
