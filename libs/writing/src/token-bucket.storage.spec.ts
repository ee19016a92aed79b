import fc from 'fast-check';
import { TokenBucketStorage } from './token-bucket.storage.js';

function bucketAt(clock: { ms: number }): TokenBucketStorage {
  return new TokenBucketStorage(() => clock.ms);
}

it('allows twice the rate at once, then one per interval', async () => {
  const clock = { ms: 5_000 };
  const storage = bucketAt(clock);
  const hit = async (): Promise<boolean> => !(await storage.increment('a', 1000, 10)).isBlocked;
  for (let i = 0; i < 20; i += 1) expect(await hit()).toBe(true);
  expect(await hit()).toBe(false);
  clock.ms += 99;
  expect(await hit()).toBe(false);
  clock.ms += 1;
  expect(await hit()).toBe(true);
  expect(await hit()).toBe(false);
  clock.ms += 10_000;
  for (let i = 0; i < 20; i += 1) expect(await hit()).toBe(true);
  expect(await hit()).toBe(false);
});

it('reports in whole seconds when the next request is allowed', async () => {
  const clock = { ms: 0 };
  const storage = bucketAt(clock);
  await storage.increment('a', 10_000, 1);
  await storage.increment('a', 10_000, 1);
  expect(await storage.increment('a', 10_000, 1)).toMatchObject({
    isBlocked: true,
    timeToBlockExpire: 10,
  });
  clock.ms = 9_001;
  expect((await storage.increment('a', 10_000, 1)).timeToBlockExpire).toBe(1);
});

it('never allows more than the rate and the burst, nor less than the rate', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
      async (limit, pauses) => {
        const clock = { ms: 0 };
        const storage = bucketAt(clock);
        let passed = 0;
        for (const pause of pauses) {
          clock.ms += pause;
          const { isBlocked, timeToBlockExpire } = await storage.increment('a', 1000, limit);
          if (!isBlocked) passed += 1;
          else expect(timeToBlockExpire).toBeGreaterThan(0);
          expect(passed).toBeLessThanOrEqual(2 * limit + (clock.ms / 1000) * limit + 1e-6);
        }
        const least = Math.min(pauses.length, 2 * limit);
        expect(passed).toBeGreaterThanOrEqual(least);
      },
    ),
  );
});

it('counts each key separately, and removes idle ones', async () => {
  const clock = { ms: 0 };
  const storage = bucketAt(clock);
  for (let i = 0; i < 1000; i += 1) await storage.increment(`client ${i}`, 1000, 1);
  expect(storage.size).toBe(1000);
  expect((await storage.increment('client 0', 1000, 1)).isBlocked).toBe(false);
  clock.ms = 2_001;
  for (let i = 0; i < 1000; i += 1) await storage.increment('busy', 1000, 1000);
  expect(storage.size).toBe(1);
});

it('keeps at most 100 000 clients, and those that came between two sweeps', async () => {
  const storage = bucketAt({ ms: 0 });
  for (let i = 0; i < 101_000; i += 1) await storage.increment(`client ${i}`, 1e6, 1);
  expect(storage.size).toBeGreaterThanOrEqual(100_000);
  expect(storage.size).toBeLessThan(100_256);
  // The oldest were removed, the newest are still limited.
  for (let i = 0; i < 2; i++) await storage.increment('client 100999', 1e6, 1);
  expect((await storage.increment('client 100999', 1e6, 1)).isBlocked).toBe(true);
});
