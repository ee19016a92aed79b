import { ratioTo } from '../scenarios/goals.js';
import { evaluate, median } from './evaluate.js';
import { numberText } from './number-text.js';
import { tableOf } from './table.js';

describe('results', () => {
  it('uses the median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([NaN, 5])).toBe(5);
    expect(median([])).toBeNaN();
  });

  it('compares within each run, then takes the median', () => {
    const goal = ratioTo('http', 'rate', 'least', 0.6, 'rate');
    const runs = [
      { service: { rate: 50 }, http: { rate: 100 } },
      { service: { rate: 700 }, http: { rate: 1000 } },
      { service: { rate: 9 }, http: { rate: 10 } },
    ];
    const result = evaluate(goal, 'burst', new Map([['burst', runs]]));
    expect(result).toMatchObject({ value: 0.7, isMet: true });
    expect(evaluate(goal, 'burst', new Map()).isMet).toBe(false);
  });

  it('prints measured and missing results', () => {
    const table = tableOf({
      name: 'burst',
      title: 'many at once',
      targets: ['service', 'http'],
      figures: [{ metric: 'rate', label: 'deliveries', unit: '/s' }],
      runs: [{ service: { rate: 1_234_567 } }],
      goals: [{ label: 'rate', value: 0.5, at: 'least', bound: 0.6, unit: '×', isMet: false }],
    });
    expect(table).toContain('1 234 567');
    expect(table).toContain('–');
    expect(table).toContain('✗ rate: 0.5× (goal ≥ 0.6×)');
  });

  it('prints numbers with three significant digits', () => {
    expect([0, 0.0123, 1.234, 12.34, 123.4, 1234567].map(numberText)).toEqual([
      ...['0', '0.012', '1.23', '12.3', '123', '1 234 567'],
    ]);
  });
});
