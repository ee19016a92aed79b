import fc from 'fast-check';
import { Histogram } from './histogram.js';

describe('Histogram', () => {
  it('reports percentiles within 1 %', () => {
    const values = fc.array(fc.double({ min: 0.02, max: 60_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (durations, share) => {
        const histogram = new Histogram();
        for (const ms of durations) histogram.record(ms);
        const sorted = [...durations].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(durations.length * share) - 1] ?? NaN;
        expect(Math.abs(histogram.percentile(share) / exact - 1)).toBeLessThan(0.011);
      }),
    );
  });

  it('merges histograms', () => {
    const [one, other] = [new Histogram(), new Histogram()];
    for (const ms of [1, 2, 3]) one.record(ms);
    for (const ms of [1000, 2000, 3000]) other.record(ms);
    const both = Histogram.from(one.data, other.data);
    expect(both.count).toBe(6);
    expect(both.percentile(0.5)).toBeCloseTo(3, 1);
    expect(both.percentile(1) / 3000).toBeCloseTo(1, 1);
  });

  it('is empty without values and ignores negative ones', () => {
    const histogram = new Histogram();
    expect(histogram.percentile(0.5)).toBeNaN();
    histogram.record(-3);
    expect(histogram.percentile(1)).toBeLessThan(0.011);
  });
});
