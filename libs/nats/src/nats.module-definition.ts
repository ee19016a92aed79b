import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { NatsClient } from './nats-client.interface.js';
import type { NatsOptions } from './nats-options.interface.js';

/** Options of {@link NatsModule}. */
export interface NatsModuleOptions {
  /**
   * Creates a client, which starts connecting immediately. Default: a `JetStreamNatsClient`. Replace or
   * wrap the client here.
   */
  readonly createClient?: (options: NatsOptions) => NatsClient;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: NATS_MODULE_OPTIONS } =
  new ConfigurableModuleBuilder<NatsModuleOptions>({ moduleName: 'Nats' })
    .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({
      ...definition,
      global: isGlobal,
    }))
    .build();
