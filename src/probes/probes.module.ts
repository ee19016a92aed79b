import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule } from '@nuts/health';
import { Drain, HubRegistry, PROBE_RESPONDER, type ProbeResponder } from '@nuts/streaming';
import { HealthProbeResponder } from './health-probe.responder.js';
import { RegistryHealthSource } from './hub-health.source.js';
import { WorkersProbeResponder } from './workers-probe.responder.js';
import type { WorkerLink } from '../workers/worker-link.js';

/**
 * Health and hubs, brought together: the libraries know each other only by ports. The hubs' door
 * answers the root probes too, with their CORS and every hub's own paths, so the health library's
 * controller stays out.
 */
@Module({})
export class ProbesModule {
  /**
   * @param streaming the module whose hubs are probed; it finds the responder globally
   * @param link to the other workers, where there are any
   */
  static forRoot(streaming: DynamicModule, link?: WorkerLink): DynamicModule {
    const health = HealthModule.forRootAsync({
      controller: false,
      imports: [streaming],
      inject: [HubRegistry, Drain],
      useFactory: (registry: HubRegistry, drain: Drain) => ({
        source: new RegistryHealthSource(registry, drain),
      }),
    });
    return {
      module: ProbesModule,
      global: true,
      imports: [health],
      providers: [
        HealthProbeResponder,
        {
          provide: PROBE_RESPONDER,
          inject: [HealthProbeResponder],
          useFactory: (own: HealthProbeResponder): ProbeResponder =>
            link === undefined ? own : new WorkersProbeResponder(own, link),
        },
      ],
      exports: [PROBE_RESPONDER, HealthProbeResponder],
    };
  }
}
