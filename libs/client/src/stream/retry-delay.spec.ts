import fc from 'fast-check';
import { RetryDelay } from './retry-delay.js';

describe('the delay before the next attempt', () => {
  const HOUR = 3_600_000;

  it("is the server's last value", () => {
    const delay = new RetryDelay();
    delay.name(4213);
    expect([delay.next(), delay.next()]).toEqual([4213, 4213]);
    delay.name(20);
    expect(delay.next()).toBe(20);
  });

  it('grows with jitter while there is no answer, and is reset by an answer', () => {
    const delay = new RetryDelay(() => 0.5);
    const delays = Array.from({ length: 8 }, () => {
      delay.failed();
      return delay.next();
    });
    expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    delay.answered();
    expect(delay.next()).toBe(1000);
  });

  it('is at most an hour whatever the server sends: longer timers can fire immediately', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0 }),
        fc.double({ min: 0 }),
        fc.nat(100),
        (named, asked, failures) => {
          fc.pre(!Number.isNaN(named) && !Number.isNaN(asked));
          const delay = new RetryDelay();
          delay.name(named);
          for (let n = 0; n < failures; n += 1) delay.failed();
          const ms = delay.next(asked);
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(HOUR);
        },
      ),
    );
  });
});
