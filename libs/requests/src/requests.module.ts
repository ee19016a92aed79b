import { Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { bypassBodyParsers } from '@nuts/writing';
import { Pipelines } from './request/pipelines.js';
import { localPathOf } from './request/path-of.js';
import { ServicesMiddleware } from './request/services.middleware.js';
import { ConfigurableModuleClass } from './requests.module-definition.js';
import { ServiceRegistry } from './service/service-registry.service.js';
import { ServiceRequests } from './service-requests.service.js';

/**
 * Adds services to a Nest application: `RequestsModule.forRoot({ services, guards })` or `forRootAsync`.
 * Bind `NUTS_METRICS` to record metrics; without it, none are recorded.
 */
@Module({
  providers: [Pipelines, ServiceRegistry, ServiceRequests],
  exports: [ServiceRegistry, ServiceRequests],
})
export class RequestsModule extends ConfigurableModuleClass implements NestModule {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ApplicationConfig) application: ApplicationConfig,
    @Inject(ServiceRegistry) services: ServiceRegistry,
  ) {
    super();
    bypassBodyParsers(host, ({ method, url = '' }) => {
      if (method !== 'POST') return false;
      return services.byPath(localPathOf(url, application.getGlobalPrefix())) !== undefined;
    });
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(ServicesMiddleware).forRoutes('/');
  }
}
