import { readCloseRequest, readTally } from './close-messages.js';
import { Tally } from './tally.js';

it('is complete when this process and all others have answered once', () => {
  const tally = new Tally('b');
  tally.add('a', 2);
  tally.add('a', 5);
  expect(tally.isComplete(['a'])).toBe(false);
  tally.add('b', 1);
  expect(tally.isComplete(['a'])).toBe(true);
  expect(tally.isComplete(['a', 'c'])).toBe(false);
  expect(tally.result(['a', 'c'])).toEqual({ closed: 3, processes: 3, answered: 2 });
});

it('is answered by the first process, by name', () => {
  const tally = new Tally('b');
  tally.add('b', 0);
  tally.add('c', 0);
  expect(tally.isAnsweredHere).toBe(true);
  tally.add('a', 0);
  expect(tally.isAnsweredHere).toBe(false);
});

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

it('reads requests and tallies, and ignores everything else', () => {
  expect(readCloseRequest(bytes({ subject: 'u', more: 1 }))).toEqual({ subject: 'u' });
  expect(readCloseRequest(bytes({ subject: 'u', key: 'k' }))).toEqual({ subject: 'u' });
  const whole = { subject: 'u', key: 'k', process: 'p' };
  expect(readCloseRequest(bytes(whole))).toEqual(whole);
  expect(readCloseRequest(bytes({ subject: 'x'.repeat(6145) }))).toBeUndefined();
  expect(readCloseRequest(Buffer.alloc(70_000, '"'))).toBeUndefined();
  const tally = { key: 'k', process: 'p', closed: 1 };
  expect(readTally(bytes(tally))).toEqual(tally);
  for (const wrong of [{ closed: -1 }, { closed: '1' }, { process: '' }, { key: '' }]) {
    expect(readTally(bytes({ ...tally, ...wrong }))).toBeUndefined();
  }
});
