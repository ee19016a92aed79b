import { medianOf } from '../results/evaluate.js';
import { numberText } from '../results/number-text.js';
import type {
  BenchResults,
  GoalResult,
  ScenarioResult,
  Surroundings,
} from '../results/results.interface.js';
import { COMPRESSION, METHOD, PEERS, STARTS } from './report-text.js';
import { plotOf } from './plots.js';

/** The page of the benchmark, as Markdown. */
export function reportPage({ surroundings, scenarios }: BenchResults): string {
  return [
    '# Benchmarks',
    '<!-- Written by `npm run bench:report`: change bench/report/ instead of this page. -->',
    'For operators who size a deployment, and for engineers who change a hot path. After this page you know the cost of a client, a message and a reconnect, and you can repeat the measurements.',
    'The page compares the service with **limit programs** under the same load in the same run. Compare the ratios: absolute figures are valid for one machine on one day only.',
    surroundingsText(surroundings),
    '## Goals',
    goalTable(scenarios),
    METHOD,
    '## Scenarios',
    ...scenarios.map(scenarioText),
    STARTS,
    COMPRESSION,
    PEERS,
  ].join('\n\n');
}

function surroundingsText(of: Surroundings): string {
  const machine = `${of.cores} cores (${of.cpu}), ${of.memoryGigabytes} GB, ${of.system}`;
  return [
    `- machine: ${machine}; all processes share it, over loopback; load average before: ${of.loadBefore}${of.loadBefore > of.cores / 2 ? ', so other work used some of its capacity and all figures are worse than on an idle machine' : ''}`,
    `- Node ${of.node} with \`${of.flags}\`, nats-server ${of.natsServer}, stream in memory`,
    `- revision ${of.revision === '' ? 'unknown' : of.revision}, ${of.date} UTC`,
    `- median of ${of.runs} ${of.runs === 1 ? 'run' : 'runs'}${of.isQuick ? ', quick: far smaller crowds than the titles say' : ''}`,
    ...(of.peer === undefined ? [] : [`- \`peer\` is ${of.peer}`]),
  ].join('\n');
}

function goalTable(scenarios: readonly ScenarioResult[]): string {
  const rows = scenarios.flatMap(({ name, goals }) =>
    goals.map((goal) => `| ${name} | ${goal.label} | ${goalCells(goal)} |`),
  );
  return ['| scenario | | measured | goal | |', '| --- | --- | ---: | ---: | --- |', ...rows].join(
    '\n',
  );
}

function goalCells({ value, at, bound, unit, isMet }: GoalResult): string {
  const ending = unit === '×' ? ' ×' : unit === '' ? '' : ` ${unit}`;
  const sign = at === 'least' ? '≥' : '≤';
  return `${numberText(value)}${ending} | ${sign} ${bound}${ending} | ${isMet ? 'met' : '**not met**'}`;
}

function scenarioText(result: ScenarioResult): string {
  const { name, title, targets, figures, runs, failure } = result;
  const plot = plotOf(result);
  const header = [
    `| | ${targets.join(' | ')} |`,
    `| --- |${targets.map(() => ' ---: |').join('')}`,
  ];
  const rows = figures.map(({ label, unit, metric }) => {
    const values = targets.map((target) => numberText(medianOf(runs, target, metric)));
    return `| ${label}${unit === '' ? '' : `, ${unit}`} | ${values.join(' | ')} |`;
  });
  return [
    `### ${name}`,
    `${title.charAt(0).toUpperCase()}${title.slice(1)}.`,
    ...(failure === undefined ? [] : [`Could not be measured: ${failure}`]),
    ...(runs.length === 0 ? [] : [[...header, ...rows].join('\n')]),
    ...(plot === undefined ? [] : [`![${plot.title}](benchmarks/${plot.file})`]),
  ].join('\n\n');
}
