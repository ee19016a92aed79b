import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { NatsModule } from '@nuts/nats';
import { HubRegistry } from './hub/hub-registry.service.js';
import { HUB_DIRECTORY } from './hub/stream-request.interface.js';
import { EDGE_CONTROLLERS, EDGE_PROVIDERS } from './sse/edge.providers.js';
import { Drain } from './sse/drain.js';
import { HubMiddleware } from './sse/hub.middleware.js';
import { ConfigurableModuleClass } from './streaming.module-definition.js';

/**
 * Hubs in a Nest application: `StreamingModule.forRoot({ hubs, guards })` or `forRootAsync`. Bind
 * `NUTS_METRICS` to be told what happens; without it nothing is counted.
 */
@Module({
  imports: [NatsModule.register({})],
  controllers: EDGE_CONTROLLERS,
  providers: [...EDGE_PROVIDERS, HubRegistry, { provide: HUB_DIRECTORY, useExisting: HubRegistry }],
  exports: [HubRegistry, HUB_DIRECTORY, Drain],
})
export class StreamingModule extends ConfigurableModuleClass implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(HubMiddleware).forRoutes('/');
  }
}
