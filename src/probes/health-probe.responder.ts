import { Inject, Injectable } from '@nestjs/common';
import { HealthService, type ProbeQuery } from '@nuts/health';
import type { ProbeAnswer, ProbeKind, ProbeResponder } from '@nuts/streaming';
import type { Request } from 'express';
import { PROCESS_OPTIONS } from '../config/configuration.module.js';
import type { ProcessOptions } from '../config/process-options.interface.js';
import { isManagement } from '../server/management-server.js';

/**
 * Answers probes with the health library, which does not know HTTP paths. With a management port,
 * `health_details` are shown only there: probes below a hub's path are public, and a stream's subjects may
 * belong to other hubs too.
 */
@Injectable()
export class HealthProbeResponder implements ProbeResponder {
  constructor(
    private readonly health: HealthService,
    @Inject(PROCESS_OPTIONS) private readonly options: Pick<ProcessOptions, 'managementPort'>,
  ) {}

  respond(hubName: string | undefined, kind: ProbeKind, request: Request): Promise<ProbeAnswer> {
    return this.answer(hubName, kind, request.query, this.showsDetails(request));
  }

  /** Whether a request arrived on a port where `health_details` may be shown. */
  showsDetails(request: Request): boolean {
    return this.options.managementPort === undefined || isManagement(request);
  }

  answer(
    hubName: string | undefined,
    kind: ProbeKind,
    query: ProbeQuery,
    details: boolean,
  ): Promise<ProbeAnswer> {
    switch (kind) {
      case 'live':
        return this.health.live();
      case 'ready':
        return this.health.ready(hubName, query, { details });
      case 'health':
        return this.health.health(hubName, query, { details });
    }
  }
}
