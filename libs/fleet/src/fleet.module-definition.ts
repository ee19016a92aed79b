import { ConfigurableModuleBuilder, type ModuleMetadata } from '@nestjs/common';
import { FLEET_OPTIONS, type FleetOptions } from './fleet.options.js';

/** Options of `forRoot` besides `FleetOptions`. */
export interface FleetExtras {
  /** The module that exports `HubRegistry` and `NatsClients`, unless it is global: `StreamingModule.forRoot(…)`. */
  readonly imports?: ModuleMetadata['imports'];
  /** Bind `PRESENCE_SOURCE` or `CLIENT_COUNTS` here to replace a part. */
  readonly providers?: ModuleMetadata['providers'];
}

export const {
  ConfigurableModuleClass: ConfigurableFleetModule,
  OPTIONS_TYPE: FLEET_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<FleetOptions>({ optionsInjectionToken: FLEET_OPTIONS })
  .setClassMethodName('forRoot')
  .setExtras<FleetExtras>({}, (module, { imports = [], providers = [] }) => ({
    ...module,
    // Global, because this module imports the hubs' module, which needs the ports.
    global: true,
    imports: [...(module.imports ?? []), ...imports],
    providers: [...(module.providers ?? []), ...providers],
  }))
  .build();
