import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import type { EmbeddedSettings } from './embedded.settings.js';
import { OrdersController } from './orders/orders.controller.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { StreamsModule } from './streams/streams.module.js';

/** A company's application: sessions, an API, and hubs beside them. */
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
