import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { MetricsExposition } from '@nuts/metrics';
import { HubRegistry } from '@nuts/streaming';
import { HealthProbeResponder } from '../probes/health-probe.responder.js';
import type { Question } from './worker-messages.js';
import type { WorkerLink } from './worker-link.js';

/**
 * How long a replacement worker waits for its hubs, in ms, while the others serve. During an outage of NATS
 * there is no point in waiting longer.
 */
const MAX_WAIT_MS = 5_000;
const LOOK_MS = 20;

/** Answers the primary's questions, and resolves when the worker may listen. */
export async function joinWorkers(app: INestApplicationContext, link: WorkerLink): Promise<void> {
  const exposition = app.get(MetricsExposition, { strict: false });
  const probes = app.get(HealthProbeResponder, { strict: false });
  link.answerWith((question: Question): Promise<unknown> => {
    if (question.ask === 'metrics') return exposition.snapshot();
    return probes.answer(question.hub, question.kind, question.query, question.details);
  });
  if (!link.assignment.isReplacement) return;
  const hubs = app.get(HubRegistry, { strict: false });
  const deadline = performance.now() + MAX_WAIT_MS;
  while (performance.now() < deadline) {
    if (hubs.hubs().every(({ status }) => status.trouble === undefined)) return;
    await pause(LOOK_MS);
  }
}
