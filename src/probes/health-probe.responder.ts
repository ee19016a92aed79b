import { Injectable } from '@nestjs/common';
import { HealthService } from '@nuts/health';
import type { ProbeAnswer, ProbeKind, ProbeResponder } from '@nuts/streaming';
import type { Request } from 'express';

/** Lets the hubs' door answer probes with the health library, which knows no HTTP paths. */
@Injectable()
export class HealthProbeResponder implements ProbeResponder {
  constructor(private readonly health: HealthService) {}

  respond(hubName: string | undefined, kind: ProbeKind, request: Request): Promise<ProbeAnswer> {
    switch (kind) {
      case 'live':
        return this.health.live();
      case 'ready':
        return this.health.ready(hubName, request.query);
      case 'health':
        return this.health.health(hubName, request.query);
    }
  }
}
