import { FRESH_PARTS, RememberedParts } from './frame-parts.js';

describe('RememberedParts', () => {
  it('has the same head whether it is cached or not', () => {
    const parts = new RememberedParts();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1500; i++) {
        for (const name of ['message', `orders.${i}`]) {
          expect(parts.head(name, `orders.${i}`)).toEqual(FRESH_PARTS.head(name, `orders.${i}`));
        }
      }
    }
    expect(parts.head('message', 'a')).toBe(parts.head('message', 'a'));
  });

  it('caches 512 topics, then starts again', () => {
    const parts = new RememberedParts();
    const first = parts.head('message', 't0');
    for (let i = 1; i < 512; i++) parts.head('message', `t${i}`);
    expect(parts.head('message', 't0')).toBe(first);
    parts.head('message', 't512');
    expect(parts.head('message', 't0')).not.toBe(first);
  });

  it('formats any times in any order', () => {
    const parts = new RememberedParts();
    for (const nanos of [0n, 1n, 999_999_999n, 1_000_000_000n, 61_000_000_007n, 5n, 1n << 62n]) {
      expect(parts.time(String(nanos))).toBe(FRESH_PARTS.time(String(nanos)));
    }
  });

  it('supports topics with any text', () => {
    expect(FRESH_PARTS.head('message', 'ü."\n').toString()).toBe(
      'event: message\ndata: {"topic":"ü.\\"\\n","payload":',
    );
  });
});
