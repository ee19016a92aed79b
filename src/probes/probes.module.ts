import { Global, Module } from '@nestjs/common';
import { HealthModule } from '@nuts/health';
import { Drain, HubRegistry, PROBE_RESPONDER } from '@nuts/streaming';
import { HealthProbeResponder } from './health-probe.responder.js';
import { RegistryHealthSource } from './hub-health.source.js';

/**
 * Health and hubs, brought together: the libraries know each other only by ports. The hubs' door
 * answers the root probes too, with their CORS and every hub's own paths, so the health library's
 * controller stays out.
 */
@Global()
@Module({
  imports: [
    HealthModule.forRootAsync({
      controller: false,
      inject: [HubRegistry, Drain],
      useFactory: (registry: HubRegistry, drain: Drain) => ({
        source: new RegistryHealthSource(registry, drain),
      }),
    }),
  ],
  providers: [
    HealthProbeResponder,
    { provide: PROBE_RESPONDER, useExisting: HealthProbeResponder },
  ],
  exports: [PROBE_RESPONDER],
})
export class ProbesModule {}
