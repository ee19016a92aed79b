import fc from 'fast-check';
import { nanosOf } from './nanos.js';

/** As the server writes it: RFC 3339, UTC, nine digits. */
function timeOf(nanos: bigint): string {
  const seconds = nanos / 1_000_000_000n;
  const fraction = (nanos % 1_000_000_000n).toString().padStart(9, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

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

  it('round-trips through text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }), (nanos) => {
        expect(nanosOf(timeOf(nanos))).toBe(nanos);
      }),
    );
  });
});
