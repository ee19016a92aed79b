import { turnClock } from './turn-clock.js';

describe('turnClock', () => {
  it('stands still within a turn, and is read again in the next', async () => {
    let reads = 0;
    const clock = turnClock(() => ++reads);
    expect([clock(), clock(), clock()]).toEqual([1, 1, 1]);
    await Promise.resolve();
    expect([clock(), clock()]).toEqual([2, 2]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock()).toBe(3);
  });

  it('reads the monotonic clock', () => {
    const before = performance.now();
    const now = turnClock()();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(performance.now());
  });
});
