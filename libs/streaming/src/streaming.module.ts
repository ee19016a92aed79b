import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HubRegistry } from './hub/hub-registry.service.js';
import { HUB_DIRECTORY } from './hub/stream-request.interface.js';
import { EDGE_PROVIDERS } from './sse/edge.providers.js';
import { HubPublisher } from './publish/hub-publisher.service.js';
import { Drain } from './sse/drain.js';
import { HUB_GUARDS, HubGuards } from './sse/hub-guards.js';
import { HubInterceptors } from './sse/hub-interceptors.js';
import { StreamHooks } from './lifecycle/stream-hooks.service.js';
import { LocalPresenceSource } from './presence/local.presence-source.js';
import { HubMappers } from './mapping/hub-mappers.service.js';
import { HubMiddleware } from './request/hub.middleware.js';
import { HubRoutes } from './request/hub-routes.service.js';
import { HubTargets } from './request/hub-targets.service.js';
import { RefusalAnswers } from './refusals/refusal-answers.js';
import { ConfigurableModuleClass } from './streaming.module-definition.js';

/**
 * Adds hubs to a Nest application: `StreamingModule.forRoot({ hubs, guards, interceptors })` or
 * `forRootAsync`. Bind `NUTS_METRICS` to record metrics; without it, none are recorded.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    ...EDGE_PROVIDERS,
    HubInterceptors,
    HubMappers,
    HubPublisher,
    HubRegistry,
    LocalPresenceSource,
    StreamHooks,
    { provide: HUB_DIRECTORY, useExisting: HubRegistry },
  ],
  exports: [
    HubRegistry,
    HubPublisher,
    HUB_DIRECTORY,
    HUB_GUARDS,
    Drain,
    HubGuards,
    HubRoutes,
    HubTargets,
    RefusalAnswers,
  ],
})
export class StreamingModule extends ConfigurableModuleClass implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(HubMiddleware).forRoutes('/');
  }
}
