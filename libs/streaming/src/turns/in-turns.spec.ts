import { inTurns } from './in-turns.js';

describe('inTurns', () => {
  it("processes a few items in the caller's turn, in order", () => {
    const seen: number[] = [];
    void inTurns([3, 1, 2], (item) => seen.push(item));
    expect(seen).toEqual([3, 1, 2]);
  });

  it('yields to the event loop between thousands of items', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    let done = 0;
    await inTurns(Array(10_000).keys(), () => void done++);
    isDone = true;
    expect(done).toBe(10_000);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  it('skips items that are deleted meanwhile, and reaches those that are added', async () => {
    const items = new Set(Array(1000).keys());
    const seen = new Set<number>();
    await inTurns(items, (item) => {
      seen.add(item);
      if (item === 0) {
        items.delete(1);
        items.delete(999);
        items.add(5000);
      }
    });
    expect(seen.size).toBe(999);
    expect([1, 999, 5000].map((item) => seen.has(item))).toEqual([false, false, true]);
  });
});
