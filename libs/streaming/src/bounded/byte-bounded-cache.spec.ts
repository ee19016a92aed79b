import * as fc from 'fast-check';
import { ByteBoundedCache } from './byte-bounded-cache.js';

describe('ByteBoundedCache', () => {
  it('keeps the newest values that fit, and counts their bytes', () => {
    const step = fc.record({
      key: fc.nat(8),
      bytes: fc.integer({ min: 1, max: 40 }),
      isDeleted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const cache = new ByteBoundedCache<number, number>(100);
        const model = new Map<number, number>();
        const held = (): number => [...model.values()].reduce((sum, bytes) => sum + bytes, 0);
        for (const { key, bytes, isDeleted } of steps) {
          if (isDeleted) {
            cache.delete(key);
            model.delete(key);
          } else if (!model.has(key)) {
            cache.set(key, bytes, bytes);
            model.set(key, bytes);
            for (const oldest of model.keys()) if (held() > 100) model.delete(oldest);
          }
          expect(cache.bytes).toBe(held());
          for (let each = 0; each <= 8; each += 1) expect(cache.get(each)).toBe(model.get(each));
        }
        cache.clear();
        expect([cache.bytes, cache.get(0)]).toEqual([0, undefined]);
      }),
    );
  });

  it('counts a replaced value once', () => {
    const cache = new ByteBoundedCache<string, string>(10);
    cache.set('a', 'old', 6);
    cache.set('a', 'new', 10);
    expect([cache.bytes, cache.get('a')]).toEqual([10, 'new']);
  });

  it('does not keep a value that is larger than the limit', () => {
    const cache = new ByteBoundedCache<string, string>(10);
    cache.set('a', 'x', 11);
    expect([cache.bytes, cache.get('a')]).toEqual([0, undefined]);
  });
});
