import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ConfigurableModuleClass } from './health.module-definition.js';
import { HealthService } from './health.service.js';
import { NatsIndicator } from './nats.indicator.js';
import { StreamIndicator } from './stream.indicator.js';

/**
 * The probes: `HealthModule.forRootAsync({ inject: [Hubs], useFactory: (hubs) => ({ source }) })`.
 * Metrics are counted when the application binds `NUTS_METRICS`.
 *
 * Terminus would log an error for every probe that fails, every few seconds while NATS is away;
 * whoever changes a hub's state logs the change instead, once.
 */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [HealthService, NatsIndicator, StreamIndicator],
  exports: [HealthService],
})
export class HealthModule extends ConfigurableModuleClass {}
