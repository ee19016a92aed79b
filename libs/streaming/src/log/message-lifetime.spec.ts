import * as fc from 'fast-check';
import type { StreamMessage } from '@nuts/nats';
import { storedMessage } from '../frames/message.fixture.js';
import { messageTtlMs, rollupOf } from './message-lifetime.js';

const withHeader = (name: string, value: string): StreamMessage =>
  storedMessage('1', {
    headers: {
      has: (asked: string) => asked === name,
      get: (asked: string) => (asked === name ? value : ''),
      values: (asked: string) => (asked === name ? [value] : []),
    } as never,
  });
const ttl = (value: string): number | undefined => messageTtlMs(withHeader('Nats-TTL', value));

describe('the lifetime of a message', () => {
  it.each<[string, number | undefined]>([
    ['5', 5000],
    ['3600', 3_600_000],
    ['1s', 1000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1m0.5s', 60_500],
    ['2000us', 2],
    ['2000µs', 2],
    ['5000000ns', 5],
    ['10h10.25s', 36_010_250],
    ['', undefined],
    ['0', undefined],
    ['0s', undefined],
    ['never', undefined],
    ['5x', undefined],
    ['x5', undefined],
    ['5 s', undefined],
    ['-5s', undefined],
    ['1.s', undefined],
    ['1.5', undefined],
    ['.5s', undefined],
    ['5sx', undefined],
  ])('of the header %j is %p ms', (value, expected) => {
    const found = ttl(value);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(expected, 6);
  });

  it('is the sum of its parts', () => {
    const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
    const part = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom(...keysOf(units)));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = parts.map(([count, unit]) => `${count}${unit}`).join('');
        return ttl(text) === parts.reduce((sum, [count, unit]) => sum + count * units[unit], 0);
      }),
    );
  });

  it('is not known without the header', () => {
    expect(messageTtlMs(storedMessage('1'))).toBeUndefined();
    expect(messageTtlMs(withHeader('Other', '5'))).toBeUndefined();
  });
});

it.each([
  ['sub', 'sub'],
  ['all', 'all'],
  ['other', undefined],
  ['', undefined],
])('the rollup %j replaces %p', (value, replaced) => {
  expect(rollupOf(withHeader('Nats-Rollup', value))).toBe(replaced);
  expect(rollupOf(storedMessage('1'))).toBeUndefined();
});

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(record) as K[];
}
