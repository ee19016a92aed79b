import type { ProbeAnswer, ProbeKind } from '@nuts/streaming';

/** One worker's answer to a probe. */
export interface WorkerProbe {
  readonly worker: number;
  /** Whether it listens; false while it is starting. */
  readonly isServing: boolean;
  /** Undefined if it does not listen, or did not answer in time. */
  readonly answer: ProbeAnswer | undefined;
}

/**
 * Merges the workers' answers: the first failing one, with its number, else the first. A worker that is
 * being replaced makes the service unready but not dead: a restart would disconnect the clients of all
 * other workers.
 */
export function joinProbes(kind: ProbeKind, probes: readonly WorkerProbe[]): ProbeAnswer {
  const known = probes.find(({ answer }) => answer !== undefined)?.answer;
  const unwell = (cause: string): ProbeAnswer => ({
    status: 503,
    body: { ...known?.body, status: 'degraded', cause },
  });
  const answers = probes
    .filter(({ isServing }) => isServing || kind !== 'live')
    .map(({ worker, isServing, answer }) => ({
      worker,
      answer: answer ?? unwell(isServing ? 'worker_silent' : 'starting'),
    }));
  const bad = answers.find(({ answer }) => answer.status !== 200);
  if (bad === undefined) return known ?? unwell('starting');
  return { status: bad.answer.status, body: { ...bad.answer.body, worker: bad.worker } };
}
