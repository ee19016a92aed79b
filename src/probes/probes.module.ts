import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule } from '@nuts/health';
import { Drain, HubRegistry, PROBE_RESPONDER, type ProbeResponder } from '@nuts/streaming';
import { HealthProbeResponder } from './health-probe.responder.js';
import { RegistryHealthSource } from './hub-health.source.js';
import { WorkersProbeResponder } from './workers-probe.responder.js';
import type { WorkerLink } from '../workers/worker-link.js';

/**
 * Connects health and streaming, which know each other only by ports. The hubs' middleware also answers the
 * root probes, with CORS and all hubs' own paths, so the health library's controller is not used.
 */
@Module({})
export class ProbesModule {
  /**
   * @param streaming the module whose hubs are probed; it finds the responder globally
   * @param link the connection to the other workers, if any
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
