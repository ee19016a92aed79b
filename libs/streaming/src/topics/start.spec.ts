import fc from 'fast-check';
import { parseStart, startMoment } from './start.js';

const SECOND = 1_000_000_000n;

it.each([
  ['live', { from: 'live' }],
  ['all', { from: 'all' }],
  ['last', { from: 'last' }],
  ['last:1', { from: 'count', count: 1 }],
  ['last:10000', { from: 'count', count: 10_000 }],
  ['PT5M', { from: 'duration', nanos: 300n * SECOND }],
  ['P1DT2H', { from: 'duration', nanos: 93_600n * SECOND }],
  ['P2W', { from: 'duration', nanos: 1_209_600n * SECOND }],
  ['PT0.5S', { from: 'duration', nanos: SECOND / 2n }],
  ['PT1,000000001S', { from: 'duration', nanos: SECOND + 1n }],
  ['PT0S', { from: 'duration', nanos: 0n }],
  ['1970-01-01T00:00:01Z', { from: 'time', nanos: SECOND }],
  ['1970-01-01t00:00:01.000000001z', { from: 'time', nanos: SECOND + 1n }],
  ['1970-01-01T01:00:00+01:00', { from: 'time', nanos: 0n }],
  ['1970-01-01T01:00:00 01:00', { from: 'time', nanos: 0n }],
  ['1969-12-31T19:00:00-05:00', { from: 'time', nanos: 0n }],
  ['1970-01-01T00:00:00-00:00', { from: 'time', nanos: 0n }],
  ['1969-12-31T23:59:59.5Z', { from: 'time', nanos: -SECOND / 2n }],
  ['2016-12-31T23:59:60Z', { from: 'time', nanos: 1_483_228_800n * SECOND }],
  ['2024-02-29T00:00:00Z', { from: 'time', nanos: 1_709_164_800n * SECOND }],
])('parses %s', (text, start) => {
  expect(parseStart(text)).toEqual(start);
});

it.each([
  ...[
    '',
    'LIVE',
    'first',
    'last:',
    'last:0',
    'last:01',
    'last:10001',
    'last:-1',
    'last:1.5',
    'last: 1',
  ],
  ...[
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    'PT1.5M',
    'P1.5D',
    '-PT5M',
    '+PT5M',
    'pt5m',
    'PT5M1H',
    'PT1.S',
  ],
  ...['PT0.0000000001S', 'P-1D', '5M', 'PT5', ' PT5M', `PT${'1'.repeat(11)}S`],
  ...['2026-01-01', '2026-01-01T00:00:00', '2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z'],
  ...[
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T10:20:60Z',
  ],
  ...['2026-01-01T25:00:00+02:00', '2026-01-01T00:61:00-01:00', '2026-01-01T00:00:00+01:60'],
  ...['2016-12-31T23:59:61Z', '2026-00-01T00:00:00Z', '2026-01-32T00:00:00Z'],
  ...[`PT0.${'0'.repeat(200)}S`, `P${'1'.repeat(127)}D`],
  ...['2026-01-01T00:00:00.Z', '2026-01-01T00:00:00.0000000000Z', '2026-01-01 00:00:00Z'],
  ...[
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+0100',
    '+2026-01-01T00:00:00Z',
    '1767225600',
  ],
])('rejects %j', (text) => {
  expect(parseStart(text)).toBeUndefined();
});

it('parses every time, whatever its offset', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-02'), max: new Date('9998-12-30'), noInvalidDate: true }),
      fc.integer({ min: -1439, max: 1439 }),
      fc.integer({ min: 0, max: 999_999_999 }),
      (date, offset, nanos) => {
        const seconds = Math.floor(date.getTime() / 1000);
        const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19);
        const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, '0');
        const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
        const text = `${local}.${String(nanos).padStart(9, '0')}${zone}`;
        expect(parseStart(text)).toEqual({
          from: 'time',
          nanos: BigInt(seconds) * SECOND + BigInt(nanos),
        });
      },
    ),
  );
});

it('never throws, and no text has two meanings', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void parseStart(text)));
});

it('is relative to the request, and a time in the future is live', () => {
  const now = 1_000_000;
  expect(startMoment({ from: 'duration', nanos: SECOND }, now)).toBe(999n * SECOND);
  expect(startMoment({ from: 'duration', nanos: 10n ** 20n }, now)).toBe(0n);
  expect(startMoment({ from: 'time', nanos: 5n }, now)).toBe(5n);
  expect(startMoment({ from: 'time', nanos: -5n }, now)).toBe(0n);
  expect(startMoment({ from: 'time', nanos: 1001n * SECOND }, now)).toBeUndefined();
  expect(startMoment({ from: 'time', nanos: 1000n * SECOND }, now)).toBe(1000n * SECOND);
  for (const from of ['live', 'all', 'last'] as const) {
    expect(startMoment({ from }, now)).toBeUndefined();
  }
  expect(startMoment({ from: 'count', count: 1 }, now)).toBeUndefined();
});
