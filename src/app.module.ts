import {
  type DynamicModule,
  type MiddlewareConsumer,
  Module,
  type NestModule,
} from '@nestjs/common';
import { AuthModule, NutsAuthGuard } from '@nuts/auth';
import { HealthModule } from '@nuts/health';
import { MetricsModule } from '@nuts/metrics';
import { StreamingModule } from '@nuts/streaming';
import { ConfigurationModule } from './config/configuration.module.js';
import type { ProcessOptions } from './config/process-options.interface.js';
import { METRICS_PATH, OperationsMiddleware } from './server/operations.middleware.js';

/** The service: the libraries in the order in which data flows, and the doors of the process. */
@Module({})
export class AppModule implements NestModule {
  static forRoot(options: ProcessOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.forRoot(options),
        MetricsModule.forRoot({ path: METRICS_PATH, defaultMetrics: true }),
        AuthModule,
        StreamingModule.forRoot({ hubs: options.hubs, guards: [NutsAuthGuard] }),
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(OperationsMiddleware).forRoutes('/');
  }
}
