import * as fc from 'fast-check';
import { ByteBoundedCache } from './byte-bounded-cache.js';
import { OldestKey } from './oldest-key.js';

describe('OldestKey', () => {
  it('returns the oldest key, whatever is added and deleted meanwhile', () => {
    const key = fc.nat(30);
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), key }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), key }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), key }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), key }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
        const set = new Set<number>();
        const oldest = new OldestKey(set);
        for (const { do: what, key } of steps) {
          if (what === 'add') set.add(key);
          if (what === 'delete' || what === 'move') set.delete(key);
          if (what === 'move') set.add(key);
          if (what === 'clear') set.clear();
          if (what !== 'take') continue;
          const [expected] = set;
          const taken = oldest.take();
          expect(taken).toBe(expected);
          if (taken !== undefined) set.delete(taken);
        }
      }),
    );
  });
});

describe('ByteBoundedCache', () => {
  it('keeps the newest values that fit', () => {
    const cache = new ByteBoundedCache<number, string>(100);
    for (let i = 0; i < 50; i++) cache.set(i, `value ${i}`, 10);
    expect([cache.get(39), cache.get(40), cache.get(49)]).toEqual([
      undefined,
      'value 40',
      'value 49',
    ]);
    expect(cache.bytes).toBe(100);
    cache.set(45, 'larger', 50);
    expect([cache.get(43), cache.get(44), cache.get(45)]).toEqual([
      undefined,
      'value 44',
      'larger',
    ]);
    cache.delete(45);
    expect(cache.bytes).toBe(50);
    cache.set(50, 'too large', 101);
    expect([cache.bytes, cache.get(50), cache.get(49)]).toEqual([0, undefined, undefined]);
    cache.set(51, 'fits', 100);
    cache.clear();
    expect([cache.bytes, cache.get(51)]).toEqual([0, undefined]);
    cache.set(52, 'fits', 100);
    cache.set(53, 'fits', 100);
    expect([cache.bytes, cache.get(52), cache.get(53)]).toEqual([100, undefined, 'fits']);
  });
});
