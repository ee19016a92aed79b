import { medianOf } from './evaluate.js';
import { numberText } from './number-text.js';
import type { GoalResult, ScenarioResult } from './results.interface.js';

/** A scenario as lines for the terminal: values by server, then the goals. */
export function tableOf(result: ScenarioResult): string {
  const { targets, figures, runs, goals, failure } = result;
  const rows = [
    ['', ...targets],
    ...figures.map(({ label, unit, metric }) => [
      unit === '' ? label : `${label}, ${unit}`,
      ...targets.map((target) => numberText(medianOf(runs, target, metric))),
    ]),
  ];
  return [
    `\n${result.name}: ${result.title}`,
    ...(failure === undefined ? [] : [`  ✗ could not be measured: ${failure}`]),
    ...(runs.length === 0 ? [] : align(rows).map((row) => `  ${row}`)),
    ...(runs.length === 0 ? [] : goals.map((goal) => `  ${goalText(goal)}`)),
  ].join('\n');
}

/** A goal on one line. */
export function goalText({ isMet, label, value, at, bound, unit }: GoalResult): string {
  const sign = at === 'least' ? '≥' : '≤';
  const ending = unit === '' || unit === '×' ? unit : ` ${unit}`;
  return `${isMet ? '✓' : '✗'} ${label}: ${numberText(value)}${ending} (goal ${sign} ${bound}${ending})`;
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width + 2);
      })
      .join(''),
  );
}
