import { setImmediate } from 'node:timers/promises';
import { storedMessage } from '../frames/message.fixture.js';
import { collectGarbage } from './garbage.fixture.js';
import { LogEntry } from './log-entry.js';
import { ValueLifetimes, type LifetimeLimits } from './value-lifetimes.js';

const NOW_MS = 1_767_268_800_000;

/** An entry that was stored now. */
function entry(sequence: number, ttl?: string): LogEntry {
  const headers = { values: (name: string) => (name === 'Nats-TTL' ? [ttl] : []) } as never;
  return new LogEntry(
    storedMessage('x', {
      sequence,
      timeNanos: BigInt(Date.now()) * 1_000_000n,
      ...(ttl !== undefined && { headers }),
    }),
  );
}

const limits = (changes: Partial<LifetimeLimits> = {}): LifetimeLimits => ({
  maxMessagesPerSubject: -1,
  maxAgeSeconds: 0,
  appliesMessageTtl: false,
  clockAheadMs: undefined,
  firstSequence: 1,
  ...changes,
});

describe('the lifetimes of last values', () => {
  let lifetimes: ValueLifetimes;
  const due = (): number[] => lifetimes.due().map(({ sequence }) => sequence);
  const pass = (ms: number): number[] => (jest.advanceTimersByTime(ms), due());
  const held = (changes: Partial<LifetimeLimits>, ...entries: LogEntry[]): void => {
    lifetimes.adopt(limits(changes), []);
    entries.forEach((one, index) => lifetimes.expect(one, index + 1));
  };

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW_MS });
    lifetimes = new ValueLifetimes();
  });
  afterEach(() => jest.useRealTimers());

  it('do not end before the limits of the stream are known, or without limits', () => {
    lifetimes.expect(entry(1, '1'), 1);
    expect(pass(5000)).toEqual([]);
    held({}, entry(2, '1'));
    expect(pass(5000)).toEqual([]);
  });

  it('end by the age limit, unless a message has a time of its own', () => {
    held({ maxAgeSeconds: 10, appliesMessageTtl: true }, entry(1), entry(2, '3'), entry(3, '20'));
    lifetimes.expect(entry(4, 'never'), 4);
    expect([pass(2999), pass(1), pass(6999), pass(1), pass(0)]).toEqual([[], [2], [], [1], []]);
    expect([pass(9999), pass(1), pass(1e9)]).toEqual([[], [3], []]);
  });

  it('end by the age limit alone where the stream ignores their own times', () => {
    held({ maxAgeSeconds: 10 }, entry(1, '3'), entry(2, 'never'));
    expect([pass(9999), pass(1)]).toEqual([[], [1, 2]]);
  });

  it.each([2000, -2000])('end by the clock of the server, ahead by %p ms', (clockAheadMs) => {
    held({ maxAgeSeconds: 10, clockAheadMs }, entry(1));
    expect([pass(9999 - clockAheadMs), pass(1)]).toEqual([[], [1]]);
  });

  it('change with the limits, for all that are held', () => {
    const all = [entry(1, '3'), entry(2)];
    held({ maxAgeSeconds: 10 }, ...all);
    lifetimes.adopt(limits({ maxAgeSeconds: 10, appliesMessageTtl: true }), all);
    expect(pass(3000)).toEqual([1]);
    lifetimes.adopt(limits({ maxAgeSeconds: 5, appliesMessageTtl: true }), all.slice(1));
    expect([pass(1999), pass(1)]).toEqual([[], [2]]);
    held({ maxAgeSeconds: 5 }, entry(3));
    lifetimes.adopt(limits(), []);
    expect(pass(60_000)).toEqual([]);
  });

  it('are kept where other parts of the stream info change', () => {
    held({ maxAgeSeconds: 5 }, entry(1));
    lifetimes.adopt(limits({ maxAgeSeconds: 5, firstSequence: 2 }), []);
    expect(pass(5000)).toEqual([1]);
  });

  it('are not reported for entries that have left, or after a reset', () => {
    const left = entry(1);
    held({ maxAgeSeconds: 5 }, left, entry(2));
    left.isGone = true;
    expect(pass(5000)).toEqual([2]);
    held({ maxAgeSeconds: 5 }, entry(3));
    lifetimes.clear();
    expect(pass(5000)).toEqual([]);
  });

  it('of superseded entries do not keep them in memory', async () => {
    held({ maxAgeSeconds: 5 });
    const refs = Array.from({ length: 1000 }, (_, i) => {
      const one = entry(i + 1);
      one.isGone = i >= 10;
      lifetimes.expect(one, 10);
      return new WeakRef(one);
    });
    await setImmediate();
    collectGarbage();
    const inMemory = refs.filter((one) => one.deref() !== undefined).length;
    expect(inMemory).toBeGreaterThanOrEqual(10);
    expect(inMemory).toBeLessThanOrEqual(2 * 10 + 64);
    expect(pass(5000)).toHaveLength(10);
  });
});

describe('whether older messages of a subject are gone too', () => {
  let lifetimes: ValueLifetimes;
  const isOlderGone = (changes: Partial<LifetimeLimits>, one: LogEntry): boolean => {
    lifetimes = new ValueLifetimes();
    lifetimes.adopt(limits(changes), []);
    return lifetimes.isOlderGone(one);
  };

  beforeEach(() => jest.useFakeTimers({ now: NOW_MS }));
  afterEach(() => jest.useRealTimers());

  it('is unknown before the limits are', () => {
    expect(new ValueLifetimes().isOlderGone(entry(1))).toBe(false);
  });

  it('is known with one message per subject, and below the first sequence', () => {
    expect(isOlderGone({}, entry(5))).toBe(false);
    expect(isOlderGone({ maxMessagesPerSubject: 1 }, entry(5))).toBe(true);
    expect(isOlderGone({ maxMessagesPerSubject: 2 }, entry(5))).toBe(false);
    expect(isOlderGone({ firstSequence: 6 }, entry(5))).toBe(true);
    expect(isOlderGone({ firstSequence: 5 }, entry(5))).toBe(false);
  });

  it('is known by age with the clock of the server, where no message has a time of its own', () => {
    const old = entry(5);
    const aged = { maxAgeSeconds: 10, clockAheadMs: -500 };
    jest.advanceTimersByTime(10_499);
    expect(isOlderGone(aged, old)).toBe(false);
    jest.advanceTimersByTime(1);
    expect(isOlderGone(aged, old)).toBe(true);
    expect(isOlderGone({ ...aged, clockAheadMs: undefined }, old)).toBe(false);
    expect(isOlderGone({ ...aged, appliesMessageTtl: true }, old)).toBe(false);
    expect(isOlderGone({ ...aged, maxAgeSeconds: 0 }, old)).toBe(false);
  });
});
