import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ConfigurableModuleClass } from './health.module-definition.js';
import { HealthService } from './health.service.js';
import { NatsIndicator } from './nats.indicator.js';
import { StreamIndicator } from './stream.indicator.js';

/**
 * The probes: `HealthModule.forRootAsync({ inject: [Hubs], useFactory: (hubs) => ({ source }) })`. Metrics
 * are recorded if the application binds `NUTS_METRICS`.
 *
 * Terminus would log an error for every failing probe, every few seconds during an outage. Its log is
 * disabled: a change of a hub's state is logged once where it happens.
 */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [HealthService, NatsIndicator, StreamIndicator],
  exports: [HealthService],
})
export class HealthModule extends ConfigurableModuleClass {}
