import { medianOf } from '../results/evaluate.js';
import type { ScenarioResult } from '../results/results.interface.js';
import { CROWDS } from '../scenarios/growth.scenario.js';
import { barPlot } from './bar-plot.js';
import { linePlot } from './line-plot.js';

/** A plot as a file beside the report. */
export interface Plot {
  readonly file: string;
  readonly title: string;
  readonly content: string;
}

/** The value that a scenario's plot shows; other scenarios have no plot. */
const PLOTTED: Readonly<Record<string, string>> = {
  burst: 'deliveriesPerSecond',
  paced: 'cpuMicrosADelivery',
  storm: 'elapsedMs',
  'storm-restart': 'elapsedMs',
  deep: 'messagesPerSecond',
  connect: 'clientsPerSecond',
  idle: 'heapKilobytes',
};

/** The plot of a scenario, if it has one. */
export function plotOf(result: ScenarioResult): Plot | undefined {
  if (result.runs.length === 0) return undefined;
  return result.name === 'growth' ? growthPlot(result) : barsOf(result);
}

function barsOf({ name, figures, targets, runs }: ScenarioResult): Plot | undefined {
  const figure = figures.find(({ metric }) => metric === PLOTTED[name]);
  if (figure === undefined) return undefined;
  const bars = targets.map((target) => ({
    name: target,
    value: medianOf(runs, target, figure.metric),
  }));
  const title = `${name}: ${figure.label}`;
  return { file: `${name}.svg`, title, content: barPlot(title, figure.unit, bars) };
}

function growthPlot({ name, targets, runs }: ScenarioResult): Plot {
  const title = 'CPU time of a delivery as the crowd grows';
  const series = targets.map((target) => ({
    name: target,
    values: CROWDS.map((clients) => medianOf(runs, target, `cpuMicros${clients}`)),
  }));
  const steps = CROWDS.map((clients) => `${clients} clients`);
  return { file: `${name}.svg`, title, content: linePlot(title, 'µs', steps, series) };
}
