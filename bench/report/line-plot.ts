import { numberText } from '../results/number-text.js';
import { COLOURS, round, svg, text, WIDTH } from './svg.js';

const HEIGHT = 300;
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 130, 50, 50];

/** One line. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * Lines over evenly spaced steps, with a logarithmic height: costs that differ tenfold stay
 * readable, and equal ratios look equal.
 */
export function linePlot(
  title: string,
  unit: string,
  steps: readonly string[],
  series: readonly Series[],
): string {
  const all = series.flatMap(({ values }) => values).filter((value) => value > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...all)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...all)));
  const x = (index: number): number =>
    LEFT + (index / Math.max(1, steps.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    HEIGHT -
    BOTTOM -
    (Math.log(value / low) / Math.log(high / low || 10)) * (HEIGHT - TOP - BOTTOM);
  const grid = [];
  for (let value = low; value <= high * 1.001; value *= 10) {
    const height = round(y(value));
    grid.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${height}" y2="${height}" stroke="#d9dee5"/>`,
      text(LEFT - 8, height + 4, `${numberText(value)} ${unit}`, { anchor: 'end', size: 12 }),
    );
  }
  const labels = steps.map((step, index) =>
    text(x(index), HEIGHT - BOTTOM + 20, step, { anchor: 'middle', size: 12 }),
  );
  const lines = series.flatMap(({ name, values }) => {
    const colour = COLOURS[name] ?? '#888888';
    const points = values.map((value, index) => `${round(x(index))},${round(y(value))}`);
    const last = values.at(-1) ?? low;
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2.5"/>`,
      ...points.map((point) => {
        const [cx, cy] = point.split(',');
        return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`;
      }),
      text(WIDTH - RIGHT + 10, y(last) + 4, name, { fill: colour, weight: 600 }),
    ];
  });
  return svg(HEIGHT, title, [...grid, ...labels, ...lines]);
}
