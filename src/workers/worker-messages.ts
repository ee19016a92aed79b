import type { MetricsSnapshot } from '@nuts/metrics';
import type { ProbeAnswer, ProbeKind } from '@nuts/streaming';

/** What a worker is told when it is started. */
export interface WorkerAssignment {
  /** From 1 to the number of workers; whoever replaces a worker takes its number. */
  readonly worker: number;
  /** The real ports, which all workers share. */
  readonly port: number;
  readonly managementPort?: number;
  /** Another worker serves already: this one joins it once its hubs are ready, and not before. */
  readonly isReplacement: boolean;
}

/** A probe, as it came in. */
export interface ProbeQuestion {
  readonly ask: 'probe';
  /** Undefined for a probe at the root: of all hubs. */
  readonly hub: string | undefined;
  readonly kind: ProbeKind;
  readonly query: Readonly<Record<string, unknown>>;
  /** Whether `health_details` may be shown to who asks. */
  readonly details: boolean;
}

/** The metrics: of all workers, when the primary is asked; of one, when that one is. */
export interface MetricsQuestion {
  readonly ask: 'metrics';
}

/** What one process asks the other. */
export type Question = ProbeQuestion | MetricsQuestion;

/** The answers of the primary, for all workers. */
export interface GroupAnswers {
  readonly probe: ProbeAnswer;
  /** Prometheus text. */
  readonly metrics: string;
}

/** The answers of one worker. */
export interface WorkerAnswers {
  readonly probe: ProbeAnswer;
  readonly metrics: MetricsSnapshot;
}

/** What goes over the channel between the primary and a worker. */
export type WorkerMessage =
  | { readonly type: 'question'; readonly id: number; readonly question: Question }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  /** From a worker: it listens. */
  | { readonly type: 'serving' }
  /** From a worker, before it exits: it cannot start, or its hubs can never work again. */
  | { readonly type: 'failed'; readonly sentence: string }
  /** To a worker: end in an orderly way. */
  | { readonly type: 'drain' };
