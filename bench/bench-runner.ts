import type { TargetName } from './programs/target.interface.js';
import { evaluate } from './results/evaluate.js';
import type { RunMetrics, ScenarioResult } from './results/results.interface.js';
import type { Metrics, Scenario, Stage } from './scenarios/scenario.interface.js';

/** Runs scenarios, each on all of its servers in turn, and evaluates their goals. */
export class BenchRunner {
  private readonly all = new Map<string, RunMetrics[]>();

  constructor(
    private readonly stage: Stage,
    private readonly options: { runs: number; hasPeer: boolean },
    private readonly say: (line: string) => void,
  ) {}

  async run(scenario: Scenario): Promise<ScenarioResult> {
    const { name, title, figures } = scenario;
    const targets = this.targetsOf(scenario);
    const runs: RunMetrics[] = [];
    this.all.set(name, runs);
    let failure: string | undefined;
    try {
      for (let run = 1; run <= this.options.runs; run++) {
        runs.push(await this.runOnce(scenario, targets, run));
      }
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    const goals = scenario.goals.map((goal) => evaluate(goal, name, this.all));
    return { name, title, targets, figures, runs, goals, ...(failure && { failure }) };
  }

  private async runOnce(
    scenario: Scenario,
    targets: readonly TargetName[],
    run: number,
  ): Promise<RunMetrics> {
    const metrics: Partial<Record<TargetName, Metrics>> = {};
    const { stream } = this.stage;
    if (scenario.prepare) await scenario.prepare(this.stage);
    else await stream.empty();
    // Each server is the first one once: the last one runs on the warmest machine.
    for (const target of rotate(targets, run - 1)) {
      this.say(`${scenario.name}, run ${run}: ${target}`);
      metrics[target] = await scenario.measure(this.stage, target);
    }
    return metrics;
  }

  private targetsOf({ targets, isForPeers }: Scenario): readonly TargetName[] {
    const [first, ...others] = targets;
    if (!this.options.hasPeer || !isForPeers || first === undefined) return targets;
    return [first, 'peer', ...others];
  }
}

/** The values, rotated. */
export function rotate<T>(values: readonly T[], by: number): T[] {
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}
