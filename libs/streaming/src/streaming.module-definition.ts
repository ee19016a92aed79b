import { ConfigurableModuleBuilder } from '@nestjs/common';
import { HUB_GUARDS, type HubGuard } from './sse/hub-guards.js';
import { STREAMING_OPTIONS, type StreamingOptions } from './streaming.options.js';

/** What is known when the module is declared, also with `forRootAsync`. */
export interface StreamingExtras {
  /** Guards of all hubs, in the order in which they run: instances, classes or tokens. */
  readonly guards?: readonly HubGuard[];
  readonly isGlobal?: boolean;
}

export const {
  ConfigurableModuleClass,
  OPTIONS_TYPE: STREAMING_OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE: STREAMING_ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<StreamingOptions>({ optionsInjectionToken: STREAMING_OPTIONS })
  .setClassMethodName('forRoot')
  .setExtras<StreamingExtras>({}, (definition, { guards = [], isGlobal = false }) => ({
    ...definition,
    global: isGlobal,
    providers: [...(definition.providers ?? []), { provide: HUB_GUARDS, useValue: guards }],
  }))
  .build();
