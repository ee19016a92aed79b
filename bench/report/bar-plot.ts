import { numberText } from '../results/number-text.js';
import { COLOURS, round, svg, text, WIDTH } from './svg.js';

const LEFT = 150;
const RIGHT = 110;
const BAR = 22;
const GAP = 8;
const TOP = 42;

/** One bar per server. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Horizontal bars from zero, each with its value; missing values are omitted. */
export function barPlot(title: string, unit: string, bars: readonly Bar[]): string {
  const shown = bars.filter(({ value }) => Number.isFinite(value));
  const most = Math.max(...shown.map(({ value }) => value), 0) || 1;
  const rows = shown.flatMap(({ name, value }, index) => {
    const y = TOP + index * (BAR + GAP);
    const length = round((value / most) * (WIDTH - LEFT - RIGHT));
    const label = `${numberText(value)} ${unit}`;
    return [
      text(LEFT - 10, y + 16, name, { anchor: 'end' }),
      `<rect x="${LEFT}" y="${y}" width="${length}" height="${BAR}" rx="2" fill="${COLOURS[name] ?? '#888888'}"/>`,
      text(LEFT + length + 8, y + 16, label),
    ];
  });
  return svg(TOP + shown.length * (BAR + GAP) + 8, title, rows);
}
