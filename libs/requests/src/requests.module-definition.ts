import { ConfigurableModuleBuilder, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { NatsModule } from '@nuts/nats';
import { WritingModule } from '@nuts/writing';
import { guardedAskController } from './answer/ask.controller.js';
import { SERVICE_GUARDS, type ServiceGuard } from './answer/service-guards.js';
import { ASK_ROUTE, newAskRoute } from './request/ask-route.js';
import { REQUESTS_OPTIONS, type RequestsOptions } from './requests.options.js';

/** Options that must be known when the module is declared, also with `forRootAsync`. */
export interface RequestsExtras {
  /** Guards of all services, in execution order: `NutsAuthGuard`, or your own. */
  readonly guards?: readonly ServiceGuard[];
  /** Modules that the guards' classes need; `AuthModule` if it is not global. */
  readonly imports?: ModuleMetadata['imports'];
  /** The module that provides `NatsClients`; default `NatsModule.register({})`. */
  readonly nats?: DynamicModule;
  /** Whether other modules can inject `ServiceRequests` without importing this one. */
  readonly isGlobal?: boolean;
}

export const {
  ConfigurableModuleClass,
  OPTIONS_TYPE: REQUESTS_OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE: REQUESTS_ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<RequestsOptions>({ optionsInjectionToken: REQUESTS_OPTIONS })
  .setClassMethodName('forRoot')
  .setExtras<RequestsExtras>({}, (definition, extras) => {
    const { guards = [], imports = [], nats, isGlobal = false } = extras;
    const route = newAskRoute();
    return {
      ...definition,
      global: isGlobal,
      imports: [
        ...(definition.imports ?? []),
        ...imports,
        nats ?? NatsModule.register({}),
        WritingModule,
      ],
      controllers: [guardedAskController(route, guards)],
      providers: [
        ...(definition.providers ?? []),
        { provide: SERVICE_GUARDS, useValue: guards },
        { provide: ASK_ROUTE, useValue: route },
      ],
    };
  })
  .build();
