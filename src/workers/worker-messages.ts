import type { MetricsSnapshot } from '@nuts/metrics';
import type { ProbeAnswer, ProbeKind } from '@nuts/streaming';

/** The assignment of a worker. */
export interface WorkerAssignment {
  /** From 1 to the number of workers; a replacement has the same number. */
  readonly worker: number;
  /** The actual ports, shared by all workers. */
  readonly port: number;
  readonly managementPort?: number;
  /** Other workers already listen: this one must listen only after its hubs are ready. */
  readonly isReplacement: boolean;
}

/** A probe request. */
export interface ProbeQuestion {
  readonly ask: 'probe';
  /** Undefined for a root probe, which covers all hubs. */
  readonly hub: string | undefined;
  readonly kind: ProbeKind;
  readonly query: Readonly<Record<string, unknown>>;
  /** Whether the client may see `health_details`. */
  readonly details: boolean;
}

/** Asks the primary for the metrics of all workers, or a worker for its own. */
export interface MetricsQuestion {
  readonly ask: 'metrics';
}

/** A question between two processes. */
export type Question = ProbeQuestion | MetricsQuestion;

/** The primary's answers, for all workers. */
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

/** The messages between the primary and a worker. */
export type WorkerMessage =
  | { readonly type: 'question'; readonly id: number; readonly question: Question }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  /** From a worker: it listens. */
  | { readonly type: 'serving' }
  /** From a worker before it exits: it cannot start, or its hubs cannot work any more. */
  | { readonly type: 'failed'; readonly sentence: string }
  /** To a worker: shut down. */
  | { readonly type: 'drain' };
