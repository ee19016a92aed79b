import {
  type DynamicModule,
  type MiddlewareConsumer,
  Module,
  type NestModule,
} from '@nestjs/common';
import { AUTH_METRICS, type AuthMetrics, AuthModule, NutsAuthGuard } from '@nuts/auth';
import { FleetModule } from '@nuts/fleet';
import { MetricsModule, NUTS_METRICS, type NutsMetrics } from '@nuts/metrics';
import { PublishingModule } from '@nuts/publishing';
import { StreamingModule } from '@nuts/streaming';
import { ConfigurationModule } from './config/configuration.module.js';
import type { ProcessOptions } from './config/process-options.interface.js';
import { ProbesModule } from './probes/probes.module.js';
import { METRICS_PATH, OperationsMiddleware } from './server/operations.middleware.js';

/** The service: the libraries in the order in which data flows, then what operators look at. */
@Module({})
export class AppModule implements NestModule {
  static forRoot(options: ProcessOptions): DynamicModule {
    const { fleet, hubs } = options;
    // Not global: Nest runs a global module's middleware first, and the operations' door stands
    // before the hubs'.
    const streaming = StreamingModule.forRoot({
      hubs,
      guards: [NutsAuthGuard],
      // A hub at the root would take it for a topic.
      exclude: [METRICS_PATH],
    });
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.forRoot(options),
        streaming,
        PublishingModule.forRoot({ streaming }),
        AuthModule.forRoot({
          isGlobal: true,
          access: hubs.flatMap(({ access }) => access ?? []),
          providers: [
            {
              provide: AUTH_METRICS,
              inject: [NUTS_METRICS],
              useFactory: (metrics: NutsMetrics): AuthMetrics => ({
                rejected: (reason, hub, action) => {
                  // The metric counts connections; the other actions have metrics of their own.
                  if (action === 'subscribe') metrics.hub(hub).rejected(reason);
                },
              }),
            },
          ],
        }),
        ProbesModule.forRoot(streaming),
        ...(fleet === undefined ? [] : [FleetModule.forRoot({ ...fleet, imports: [streaming] })]),
        MetricsModule.forRoot({ path: METRICS_PATH, defaultMetrics: true }),
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(OperationsMiddleware).forRoutes('/');
  }
}
