import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';
import { NatsModule } from '@nuts/nats';
import { PageController } from './page/page.controller.js';
import { PresenceController } from './presence/presence.controller.js';
import { EDGE_CONTROLLERS } from './sse/edge.providers.js';
import { HUB_GUARDS, type HubGuard } from './sse/hub-guards.js';
import { HUB_INTERCEPTORS, type HubInterceptor } from './sse/hub-interceptors.js';
import { InterceptedStreamController } from './sse/intercepted-stream.controller.js';
import { STREAMING_OPTIONS, type StreamingOptions } from './streaming.options.js';

/** Options that must be known when the module is declared, also with `forRootAsync`. */
export interface StreamingExtras {
  /** Guards of all hubs, in execution order: instances, classes or tokens. */
  readonly guards?: readonly HubGuard[];
  /** Interceptors of all hubs, outermost first: instances, classes or tokens. */
  readonly interceptors?: readonly HubInterceptor[];
  /** The module that provides `NatsClients`; default `NatsModule.register({})`. */
  readonly nats?: DynamicModule;
  /** Whether other modules can inject registry, publisher and discovery without importing this module. */
  readonly isGlobal?: boolean;
}

export const {
  ConfigurableModuleClass,
  OPTIONS_TYPE: STREAMING_OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE: STREAMING_ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<StreamingOptions>({ optionsInjectionToken: STREAMING_OPTIONS })
  .setClassMethodName('forRoot')
  .setExtras<StreamingExtras>({}, (definition, extras) => {
    const { guards = [], interceptors = [], isGlobal = false } = extras;
    const nats = extras.nats ?? NatsModule.register({});
    return {
      ...definition,
      global: isGlobal,
      imports: [...(definition.imports ?? []), nats],
      // For modules that share the hubs' connection.
      exports: [...(definition.exports ?? []), nats],
      controllers: [
        ...(interceptors.length > 0 ? [InterceptedStreamController] : EDGE_CONTROLLERS),
        PageController,
        PresenceController,
      ],
      providers: [
        ...(definition.providers ?? []),
        { provide: HUB_GUARDS, useValue: guards },
        { provide: HUB_INTERCEPTORS, useValue: interceptors },
      ],
    };
  })
  .build();
