import type { TargetName } from '../programs/target.interface.js';
import type { Figure, Metrics } from '../scenarios/scenario.interface.js';

/** The machine and the versions of a measurement. */
export interface Surroundings {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  /** Load average of the last minute before the benchmark: other load on the machine. */
  readonly loadBefore: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly natsServer: string;
  /** Commit of the sources, with a `+` when they were changed since. */
  readonly revision: string;
  /** Flags of Node for the servers under test. */
  readonly flags: string;
  readonly loadProcesses: number;
  readonly runs: number;
  readonly isQuick: boolean;
  /** Name of the peer, if one was measured. */
  readonly peer?: string;
}

/** The results of all servers of a scenario in one run. */
export type RunMetrics = Readonly<Partial<Record<TargetName, Metrics>>>;

/** A goal and its result: the median over the runs. */
export interface GoalResult {
  readonly label: string;
  readonly value: number;
  readonly at: 'least' | 'most';
  readonly bound: number;
  readonly unit: string;
  readonly isMet: boolean;
}

/** One scenario with all its runs. */
export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly targets: readonly TargetName[];
  readonly figures: readonly Figure[];
  readonly runs: readonly RunMetrics[];
  readonly goals: readonly GoalResult[];
  /** The error, if it could not be measured. */
  readonly failure?: string;
}

/** The JSON that a run writes and the report reads. */
export interface BenchResults {
  readonly surroundings: Surroundings;
  readonly scenarios: readonly ScenarioResult[];
}
