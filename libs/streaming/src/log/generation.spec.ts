import { compareGeneration, windowStart } from './generation.js';
import { KnownTimes } from './known-times.js';

it.each([
  ['now', 7, 'same'],
  ['now', 8, 'same'],
  ['now', 6, 'behind'],
  ['later', 7, 'stream_recreated'],
  ['later', 6, 'stream_recreated'],
])('a stream created %s that ends at %i is %s', (created, lastSequence, expected) => {
  expect(compareGeneration('now', 7, { created, lastSequence })).toBe(expected);
});

it.each([
  [1, 100, 10, 91],
  [95, 100, 10, 95],
  [1, 5, 10, 1],
  [0, 0, 10, 1],
  [101, 100, 10, 101],
])('the window of a stream from %i to %i with %i messages starts at %i', (...numbers) => {
  const [firstSequence, lastSequence, maxMessages, start] = numbers;
  expect(windowStart({ firstSequence, lastSequence }, maxMessages)).toBe(start);
});

it('remembers the times of the last 256 positions', () => {
  const times = new KnownTimes();
  for (let sequence = 1; sequence <= 256; sequence += 1) {
    times.remember({ sequence, timeNanos: BigInt(sequence) });
  }
  expect([times.at(1), times.at(256), times.at(257)]).toEqual([1n, 256n, undefined]);
  times.remember({ sequence: 257, timeNanos: 9n });
  expect([times.at(1), times.at(2), times.at(257)]).toEqual([undefined, 2n, 9n]);
  times.clear();
  expect(times.at(257)).toBeUndefined();
});
