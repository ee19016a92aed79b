import { FreshRead } from './fresh-read.js';

describe('FreshRead', () => {
  const setUp = (): { reads: FreshRead<number>; finish: ((error?: Error) => void)[] } => {
    const finish: ((error?: Error) => void)[] = [];
    const reads = new FreshRead<number>(
      () =>
        new Promise((resolve, reject) => {
          const number = finish.length + 1;
          finish.push((error) => (error ? reject(error) : resolve(number)));
        }),
    );
    return { reads, finish };
  };

  it('gives whoever comes during a read the next one, and shares that', async () => {
    const { reads, finish } = setUp();
    const first = reads.afterNow();
    const [second, third] = [reads.afterNow(), reads.afterNow()];
    expect(finish).toHaveLength(1);
    finish[0]?.();
    expect(await first).toBe(1);
    await Promise.resolve();
    expect(finish).toHaveLength(2);
    finish[1]?.();
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    const fourth = reads.afterNow();
    finish[2]?.();
    expect(await fourth).toBe(3);
  });

  it('reads on after a failure, and tells it only to those who asked for that read', async () => {
    const { reads, finish } = setUp();
    const first = reads.afterNow();
    const second = reads.afterNow();
    finish[0]?.(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await Promise.resolve();
    finish[1]?.();
    expect(await second).toBe(2);
  });
});
