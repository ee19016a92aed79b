import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import type { EmbeddedSettings } from './embedded.settings.js';
import { OrdersController } from './orders/orders.controller.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { StreamsModule } from './streams/streams.module.js';

/** An application with sessions, an API, and hubs. */
@Module({})
export class EmbeddedModule {
  static forRoot(settings: EmbeddedSettings): DynamicModule {
    return {
      module: EmbeddedModule,
      imports: [
        ConfigModule.forRoot({
          isGlobal: true,
          load: [() => ({ ...settings })],
          ignoreEnvFile: true,
          ignoreEnvVars: true,
          skipProcessEnv: true,
        }),
        SessionsModule,
        StreamsModule,
      ],
      controllers: [OrdersController],
    };
  }
}
