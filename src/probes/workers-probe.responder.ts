import type { ProbeAnswer, ProbeKind, ProbeResponder } from '@nuts/streaming';
import type { Request } from 'express';
import type { WorkerLink } from '../workers/worker-link.js';
import type { HealthProbeResponder } from './health-probe.responder.js';

/** Answers probes for all workers, or for this one alone if the primary does not respond. */
export class WorkersProbeResponder implements ProbeResponder {
  constructor(
    private readonly own: HealthProbeResponder,
    private readonly link: WorkerLink,
  ) {}

  async respond(hub: string | undefined, kind: ProbeKind, request: Request): Promise<ProbeAnswer> {
    // Of the client's query, only strings are sent to the other processes.
    const { outage } = request.query;
    const query = typeof outage === 'string' ? { outage } : {};
    const details = this.own.showsDetails(request);
    const ofAll = await this.link.probe({ ask: 'probe', hub, kind, query, details });
    return ofAll ?? this.own.answer(hub, kind, query, details);
  }
}
