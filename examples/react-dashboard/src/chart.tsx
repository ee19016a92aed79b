import type { ReactElement } from 'react';
import { useTopic } from '@nuts/client/react';
import type { Reading } from './temperatures.js';

const SPAN_MS = 600_000;
const WIDTH = 600;
const HEIGHT = 160;

/** The last ten minutes of a machine: history from the stream, followed by live values. */
export function Chart({ machine }: { machine: string }): ReactElement {
  const topic = useTopic<Reading>(`${machine}.temperature`, { start: 'PT10M', limit: 600 });
  const points = topic.messages.map(({ time, payload }) => ({
    ms: Date.parse(time),
    celsius: payload.celsius,
  }));
  const values = points.map(({ celsius }) => celsius);
  const low = Math.min(...values) - 1;
  const high = Math.max(...values) + 1;
  const end = points.at(-1)?.ms ?? 0;
  const begin = Math.max(end - SPAN_MS, points[0]?.ms ?? 0);
  const line = points
    .filter(({ ms }) => ms >= begin)
    .map(({ ms, celsius }) => {
      const x = (WIDTH * (ms - begin)) / Math.max(1, end - begin);
      const y = HEIGHT - (HEIGHT * (celsius - low)) / (high - low);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
  return (
    <section aria-labelledby="chart">
      <h2 id="chart">
        {machine}
        <small>{topic.isLive ? `${points.length} readings, live` : 'reading the past'}</small>
      </h2>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img">
        <title>{`Temperature of the ${machine}`}</title>
        <polyline points={line.join(' ')} />
      </svg>
    </section>
  );
}
