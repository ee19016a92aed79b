import fc from 'fast-check';
import { chooseCursor, parseCursor } from './cursor.js';

describe('parseCursor', () => {
  it.each([
    ['0', 0n, undefined],
    ['12345', 12345n, undefined],
    ['18446744073709551613', 2n ** 64n - 3n, undefined],
    ['12345-1790513389663997004', 12345n, 1790513389663997004n],
    ['1-9223372036854775807', 1n, 2n ** 63n - 1n],
    ['007', 7n, undefined],
  ])('accepts %s', (text, sequence, timeNanos) => {
    expect(parseCursor(text)).toEqual({ sequence, timeNanos, text });
  });

  it.each([
    '',
    '18446744073709551614',
    '99999999999999999999',
    '000000000000000000001',
    '1-000000000000000000001',
    '1-0',
    '1-9223372036854775808',
    '1-',
    '-1',
    '1-2-3',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    ' 1',
    '1 ',
    '1\n',
    '١',
    'abc',
    '1, 2',
    '9'.repeat(1_000_000),
  ])('rejects %.40s', (text) => {
    expect(parseCursor(text)).toBeUndefined();
  });

  it('returns a text that is safe in a line and contains the same number', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789-\n\r :+') }),
      fc.bigInt({ min: 0n, max: 2n ** 65n }).map(String),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        const cursor = parseCursor(candidate);
        if (cursor === undefined) return;
        expect(cursor.text).toBe(candidate);
        expect(cursor.text).toMatch(/^[0-9]{1,20}(-[0-9]{1,20})?$/);
        expect(cursor.sequence).toBe(BigInt(candidate.split('-')[0] ?? ''));
        expect(cursor.sequence <= 2n ** 64n - 3n).toBe(true);
      }),
    );
  });
});

describe('chooseCursor', () => {
  const sequenceOf = (query: string[], header: string[]): bigint | undefined => {
    const chosen = chooseCursor({ query, header });
    return 'error' in chosen ? -1n : chosen.cursor?.sequence;
  };

  it('is undefined if none or only an empty one was sent', () => {
    expect(chooseCursor({ query: [], header: [] })).toEqual({});
    expect(chooseCursor({ query: [''], header: [''] })).toEqual({});
  });

  it('uses the only one, and the header if both are valid', () => {
    expect(sequenceOf(['5'], [])).toBe(5n);
    expect(sequenceOf([], ['6'])).toBe(6n);
    expect(sequenceOf(['5'], ['6'])).toBe(6n);
    expect(sequenceOf(['6'], ['5'])).toBe(5n);
    expect(sequenceOf(['5'], [''])).toBe(5n);
  });

  it('rejects a malformed query even beside a valid header', () => {
    expect(chooseCursor({ query: ['x'], header: ['6'] })).toEqual({ error: 'invalid_last_id' });
  });

  it('ignores a malformed header, reports it truncated, and uses the query', () => {
    expect(sequenceOf(['5'], ['x'])).toBe(5n);
    const chosen = chooseCursor({ query: [], header: ['x'.repeat(10_000)] });
    expect(chosen).toEqual({ cursor: undefined, ignoredHeader: 'x'.repeat(64) });
  });

  it('uses the first of repeated ones, also if that is empty', () => {
    expect(sequenceOf(['5', 'x'], [])).toBe(5n);
    expect(sequenceOf([], ['6', '7'])).toBe(6n);
    expect(sequenceOf(['', '5'], ['', '6'])).toBeUndefined();
  });
});
