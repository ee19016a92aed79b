import type { BenchResults } from '../results/results.interface.js';
import { linePlot } from './line-plot.js';
import { plotOf } from './plots.js';
import { reportPage } from './report-page.js';

const results: BenchResults = {
  surroundings: {
    date: '2026-01-01T12:00',
    cpu: 'a processor',
    cores: 2,
    loadBefore: 0.1,
    memoryGigabytes: 8,
    system: 'Linux 6',
    node: 'v24.0.0',
    natsServer: '2.15.0',
    revision: 'abc1234',
    flags: '--expose-gc',
    loadProcesses: 1,
    runs: 3,
    isQuick: false,
  },
  scenarios: [
    {
      name: 'burst',
      title: 'many at once',
      targets: ['service', 'http'],
      figures: [{ metric: 'deliveriesPerSecond', label: 'deliveries', unit: '/s' }],
      runs: [{ service: { deliveriesPerSecond: 700 }, http: { deliveriesPerSecond: 1000 } }],
      goals: [
        { label: 'to bare http', value: 0.7, at: 'least', bound: 0.6, unit: '×', isMet: true },
      ],
    },
    {
      name: 'idle',
      title: 'idle',
      targets: ['service'],
      figures: [],
      runs: [],
      goals: [],
      failure: 'no',
    },
  ],
};

describe('the report', () => {
  it('shows goals, figures, plots and failures', () => {
    const page = reportPage(results);
    expect(page).toContain('| burst | to bare http | 0.7 × | ≥ 0.6 × | met |');
    expect(page).toContain('| deliveries, /s | 700 | 1 000 |');
    expect(page).toContain('(benchmarks/burst.svg)');
    expect(page).toContain('Could not be measured: no');
  });

  it('draws one bar per server', () => {
    const [burst, idle] = results.scenarios;
    const plot = burst && plotOf(burst);
    expect(plot?.content.match(/<rect x=/g)).toHaveLength(2);
    expect(idle && plotOf(idle)).toBeUndefined();
  });

  it('draws decreasing costs as descending lines', () => {
    const content = linePlot('costs', 'µs', ['10', '100'], [{ name: 'service', values: [50, 5] }]);
    const [, from, to] = /points="[\d.]+,([\d.]+) [\d.]+,([\d.]+)"/.exec(content) ?? [];
    expect(Number(to)).toBeGreaterThan(Number(from));
    expect(content).not.toContain('NaN');
  });
});
