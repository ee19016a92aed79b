import uPlot from 'uplot';
import { clock } from '../text/figures.js';

const HEIGHT = 200;

/** A line chart in the page's own colours. */
export class Chart {
  private plot: uPlot | undefined;

  constructor(private readonly root: HTMLElement) {
    new ResizeObserver(() => this.resize()).observe(root);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    // Colours are fixed when the canvas is created, so it is recreated.
    scheme.addEventListener('change', () => this.reset());
  }

  /** @param from and `to` are seconds since 1970 */
  draw(times: number[], values: number[], from: number, to: number): void {
    this.plot ??= this.make();
    this.plot.batch(() => {
      this.plot?.setData([times, values], false);
      this.plot?.setScale('x', { min: from, max: to });
    });
  }

  private make(): uPlot {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { stroke: colour('--line'), width: 1 },
      font: `12px ${colour('--font')}`,
    };
    return new uPlot(
      {
        width: Math.max(this.root.clientWidth, 100),
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { size: 6 } },
        scales: { x: { time: true }, y: { range: widened } },
        axes: [
          { ...axis, space: 80, size: 30, values: (_plot, times) => times.map(timeOfDay) },
          { ...axis, size: 64 },
        ],
        series: [
          {},
          {
            stroke: colour('--accent'),
            fill: colour('--accent-faint'),
            width: 1.5,
            points: { show: false },
          },
        ],
      },
      [[], []],
      this.root,
    );
  }

  private reset(): void {
    this.plot?.destroy();
    this.plot = undefined;
  }

  private resize(): void {
    const { clientWidth: width } = this.root;
    if (width > 0) this.plot?.setSize({ width, height: HEIGHT });
  }
}

function timeOfDay(seconds: number): string {
  return clock(seconds * 1_000).slice(0, 8);
}

/** A flat line is centred. */
function widened(_plot: uPlot, least: number | null, most: number | null): [number, number] {
  const [low, high] = [least ?? 0, most ?? 1];
  const room = high > low ? (high - low) * 0.1 : Math.abs(high) * 0.1 || 1;
  // Values that are never negative start at the zero line.
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}
