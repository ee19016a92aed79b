import fc from 'fast-check';
import { formatStoredTime } from './stored-time.js';

describe('formatStoredTime', () => {
  it.each([
    [0n, '1970-01-01T00:00:00Z'],
    [1n, '1970-01-01T00:00:00.000000001Z'],
    [1_767_268_800_000_000_000n, '2026-01-01T12:00:00Z'],
    [1_767_268_800_123_456_789n, '2026-01-01T12:00:00.123456789Z'],
    [1_767_268_800_100_000_000n, '2026-01-01T12:00:00.1Z'],
    [1_709_164_800_000_000_010n, '2024-02-29T00:00:00.00000001Z'],
    [2n ** 63n - 1n, '2262-04-11T23:47:16.854775807Z'],
  ])('formats %s as %s', (nanos, text) => {
    expect(formatStoredTime(String(nanos))).toBe(text);
  });

  it('agrees with Date and keeps all nanoseconds', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (nanos) => {
        const text = formatStoredTime(String(nanos));
        const [whole = '', fraction = ''] = text.slice(0, -1).split('.');
        expect(whole).toBe(new Date(Number(nanos / 1_000_000n)).toISOString().slice(0, 19));
        expect(BigInt(fraction.padEnd(9, '0'))).toBe(nanos % 1_000_000_000n);
        expect(fraction.endsWith('0')).toBe(false);
      }),
    );
  });
});
