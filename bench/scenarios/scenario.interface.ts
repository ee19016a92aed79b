import type { BenchStream } from '../broker/bench-stream.js';
import type { LoadFleet } from '../load/load-fleet.js';
import type { StartTarget, TargetName } from '../programs/target.interface.js';

/** The context of every scenario. */
export interface Stage {
  readonly stream: BenchStream;
  readonly load: LoadFleet;
  readonly start: StartTarget;
  /** Fewer clients and messages, for a run in CI. */
  readonly isQuick: boolean;
}

/** The result of one server in one run. */
export type Metrics = Readonly<Record<string, number>>;

/** A line of the table. */
export interface Figure {
  readonly metric: string;
  readonly label: string;
  readonly unit: string;
}

/** Reads a figure of this run: of this scenario, or of another that ran before; NaN without one. */
export type ReadMetric = (target: TargetName, metric: string, scenario?: string) => number;

/** A goal of the service. */
export interface Goal {
  readonly label: string;
  readonly value: (read: ReadMetric) => number;
  readonly at: 'least' | 'most';
  readonly bound: number;
  readonly unit: string;
}

/** One row of the benchmark. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The servers that it is measured on, each a fresh process in every run. */
  readonly targets: readonly TargetName[];
  /** Whether a peer can be measured too. */
  readonly isForPeers: boolean;
  /** Part of a quick run. */
  readonly isQuick: boolean;
  readonly figures: readonly Figure[];
  readonly goals: readonly Goal[];
  /** Fills the stream, once per run, before the servers start. */
  prepare?(stage: Stage): Promise<void>;
  measure(stage: Stage, target: TargetName): Promise<Metrics>;
}
