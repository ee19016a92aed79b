import type { ProbeAnswer, ProbeKind } from '@nuts/streaming';

/** What one worker says to a probe. */
export interface WorkerProbe {
  readonly worker: number;
  /** It listens; false while it starts. */
  readonly isServing: boolean;
  /** Undefined when it does not serve, or did not answer in time. */
  readonly answer: ProbeAnswer | undefined;
}

/**
 * One answer for all workers: of the first that is not well, with its number, else of the first.
 * A worker that is being replaced makes the service unready, but not dead: a restart would cut off the
 * clients of all others.
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
