import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Optional,
} from '@nestjs/common';
import { AUTH_METRICS, type AuthMetrics, AuthModule, NutsAuthGuard } from '@nuts/auth';
import { ConsoleModule, DEFAULT_CONSOLE_PATH } from '@nuts/console';
import { FleetModule } from '@nuts/fleet';
import { NatsModule } from '@nuts/nats';
import { MetricsModule, NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import { PublishingModule } from '@nuts/publishing';
import { RequestsModule } from '@nuts/requests';
import { StreamingModule } from '@nuts/streaming';
import { ConfigurationModule } from './config/configuration.module.js';
import type { ProcessOptions } from './config/process-options.interface.js';
import { ProbesModule } from './probes/probes.module.js';
import { RequestCloser } from './server/request-closer.service.js';
import { METRICS_PATH, OperationsMiddleware } from './server/operations.middleware.js';
import { WORKER_LINK, type WorkerLink } from './workers/worker-link.js';
import { WorkersMetricsMiddleware } from './workers/workers-metrics.middleware.js';

/** The service: the libraries in the order of the data flow, followed by operations. */
@Module({})
export class AppModule implements NestModule {
  constructor(@Optional() @Inject(WORKER_LINK) private readonly link?: WorkerLink) {}

  /** @param link the connection to the other workers, if any */
  static forRoot(options: ProcessOptions, link?: WorkerLink): DynamicModule {
    const { fleet, hubs, services } = options;
    // A single module: hubs and services with the same NATS system share its connection.
    const nats = NatsModule.register({});
    // Not global: Nest runs a global module's middleware first, but the operations middleware must precede
    // the hubs'.
    const streaming = StreamingModule.forRoot({
      hubs,
      guards: [NutsAuthGuard],
      nats,
      // A hub at `/` would treat them as topics.
      exclude: [METRICS_PATH],
      excludeBelow: [
        ...services.map(({ path }) => path),
        ...(options.console ? [DEFAULT_CONSOLE_PATH] : []),
      ],
    });
    const requests =
      services.length === 0
        ? []
        : [RequestsModule.forRoot({ services, nats, guards: [NutsAuthGuard] })];
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.forRoot(options),
        streaming,
        PublishingModule.forRoot({ streaming }),
        ...requests,
        AuthModule.forRoot({
          isGlobal: true,
          access: [...hubs, ...services].flatMap(({ access }) => access ?? []),
          providers: [
            {
              provide: AUTH_METRICS,
              inject: [NUTS_METRICS],
              useFactory: (metrics: NutsMetrics): AuthMetrics => ({
                rejected: (reason, hub, action) => {
                  // The metric counts connections; other actions have their own metrics.
                  if (action === 'subscribe') metrics.hub(hub).rejected(reason);
                },
              }),
            },
          ],
        }),
        ProbesModule.forRoot(streaming, link),
        ...(fleet === undefined ? [] : [FleetModule.forRoot({ ...fleet, imports: [streaming] })]),
        ...(options.console ? [ConsoleModule.forRoot({ imports: [streaming, ...requests] })] : []),
        MetricsModule.forRoot({ path: METRICS_PATH, defaultMetrics: true }),
      ],
      providers: [
        ...(link === undefined ? [] : [{ provide: WORKER_LINK, useValue: link }]),
        ...(services.length === 0 ? [] : [RequestCloser]),
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(OperationsMiddleware).forRoutes('/');
    if (this.link !== undefined) consumer.apply(WorkersMetricsMiddleware).forRoutes(METRICS_PATH);
  }
}
