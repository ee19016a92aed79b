import type { StreamFacts } from '../nats-client.interface.js';
import { isFilterSlow } from './filter-cost.js';

describe('isFilterSlow', () => {
  const stream = (more: Partial<StreamFacts>): StreamFacts =>
    ({ storage: 'file', messages: 1_000_000, bytes: 300_000_000, ...more }) as StreamFacts;

  it.each([
    ['much of a short span', 2000, 10_000, {}, true],
    ['little of a short span', 100, 10_000, {}, false],
    ['nothing', 0, 10_000, {}, false],
    ['much of a long span', 300_000, 900_000, {}, false],
    ['a rare topic in a million', 200, 900_000, {}, false],
    ['much of a long span of tiny messages', 10_000, 100_000, { bytes: 40_000_000 }, true],
    ['in memory', 2000, 10_000, { storage: 'memory' as const }, false],
    [
      'a stream that was empty when it was last read',
      2000,
      10_000,
      { messages: 0, bytes: 0 },
      true,
    ],
  ])('%s', (_what, matching, span, more, expected) => {
    expect(isFilterSlow({ matching, span }, stream(more))).toBe(expected);
  });
});
