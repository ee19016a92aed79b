import fc from 'fast-check';
import { nanosOf, timeOf } from './nanos.js';

describe('nanoseconds', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['2026-01-01T12:00:00.123456789Z', 1767268800123456789n],
    ['2026-01-01T12:00:00.1Z', 1767268800100000000n],
    ['2026-01-01T14:00:00+02:00', 1767268800000000000n],
    ['0001-01-01T00:00:00Z', 0n],
    ['', 0n],
    ['2026-13-01T12:00:00Z', 0n],
    ['yesterday', 0n],
  ])('reads %j as %s', (text, nanos) => {
    expect(nanosOf(text)).toBe(nanos);
  });

  it('comes back from text as it went in', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }), (nanos) => {
        expect(nanosOf(timeOf(nanos))).toBe(nanos);
      }),
    );
  });
});
