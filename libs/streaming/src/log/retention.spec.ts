import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { storedMessage } from '../frames/message.fixture.js';
import { collectGarbage } from './garbage.fixture.js';
import { LogEntry } from './log-entry.js';
import { MessageWindow } from './message-window.js';
import { Kept, NO_LIMITS } from './retention.fixture.js';
import { Retention } from './retention.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

const NOW_MS = 1_767_268_800_000;
const wanted = (subject: string): WantedSubject =>
  new SubjectSet('', [subject]).all[0] as WantedSubject;

beforeEach(() => jest.useFakeTimers({ now: NOW_MS }));
afterEach(() => jest.useRealTimers());

describe('a limit of messages per subject', () => {
  it.each([-1, 0])('of %p removes nothing', (maxMessagesPerSubject) => {
    const kept = new Kept({ maxMessagesPerSubject });
    for (let i = 0; i < 5; i++) kept.append('a');
    expect([kept.held, kept.gone]).toEqual([[1, 2, 3, 4, 5], []]);
  });

  it.each([1, 2, 3])('of %p removes the oldest of the same subject', (maxMessagesPerSubject) => {
    const kept = new Kept({ maxMessagesPerSubject });
    for (const subject of ['a', 'b', 'a', 'a', 'a']) kept.append(subject);
    const ofA = [1, 3, 4, 5].slice(-maxMessagesPerSubject);
    expect(kept.held).toEqual([...ofA, 2].sort((x, y) => x - y));
    expect(kept.gone.flat()).toEqual([1, 3, 4].slice(0, 4 - maxMessagesPerSubject));
    expect(kept.left).toEqual(kept.gone);
    expect(kept.retention.removals).toBe(4 - maxMessagesPerSubject);
    // With more than one, the oldest may still be there: sessions ask the stream.
    const lost = maxMessagesPerSubject === 1 ? 0 : [1, 3, 4][3 - maxMessagesPerSubject];
    expect([kept.window.lostOf(wanted('a')), kept.window.lostOf(wanted('b'))]).toEqual([lost, 0]);
  });
});

describe('a rollup', () => {
  const store = (kept: Kept, value: string): boolean => {
    for (const subject of ['a', 'b', 'a']) kept.append(subject);
    return kept.append('a', { 'Nats-Rollup': value });
  };

  it.each([
    ['sub', [2, 4], false],
    ['all', [4], true],
    ['other', [1, 2, 3, 4], false],
  ])('%s leaves %j', (value, held, isAlone) => {
    const kept = new Kept({ appliesRollups: true });
    expect(store(kept, value)).toBe(isAlone);
    expect(kept.held).toEqual(held);
    expect(kept.gone.flat()).toEqual([1, 2, 3, 4].filter((one) => !held.includes(one)));
    expect(kept.window.lostOf(wanted('a'))).toBe(0);
  });

  it('is only a header where the stream does not allow rollups', () => {
    const kept = new Kept();
    expect(store(kept, 'all')).toBe(false);
    expect([kept.held, kept.gone]).toEqual([[1, 2, 3, 4], []]);
  });
});

describe('the first sequence', () => {
  it('removes what is before it, and announces nothing where there is nothing', () => {
    const kept = new Kept();
    for (let i = 0; i < 5; i++) kept.append('a');
    kept.adopt({ firstSequence: 1 });
    expect(kept.gone).toEqual([]);
    kept.adopt({ firstSequence: 4 });
    expect([kept.held, kept.gone]).toEqual([[4, 5], [[1, 2, 3]]]);
    expect(kept.window.lostOf(wanted('a'))).toBe(0);
  });
});

describe('a lifetime', () => {
  it('of its own ends each message at its time by the clock of the server', () => {
    const life = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ life, pause: fc.nat(900) }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(undefined, 0, -1500, 1500),
        fc.nat(10_000),
        (messages, clockAheadMs, wait) => {
          const kept = new Kept({ appliesMessageTtl: true, clockAheadMs: clockAheadMs as number });
          const ends = messages.map(({ life, pause }) => {
            jest.advanceTimersByTime(pause);
            kept.append('a', { 'Nats-TTL': String(life) });
            return Date.now() + life * 1000;
          });
          const now = Date.now() + wait + (clockAheadMs ?? 0);
          const due = ends.flatMap((end, index) => (end > now ? [index + 1] : []));
          expect(kept.after(wait)).toEqual(due);
          expect(kept.gone.flat()).toHaveLength(messages.length - due.length);
          // The stream does not have them any more either.
          expect(kept.window.lostOf(wanted('a'))).toBe(0);
        },
      ),
    );
  });

  it('is only a header where the stream does not allow lifetimes', () => {
    const kept = new Kept();
    kept.append('a', { 'Nats-TTL': '1' });
    expect(kept.after(5000)).toEqual([1]);
  });

  it('says nothing about a message that was removed before', () => {
    const kept = new Kept({ appliesMessageTtl: true, maxMessagesPerSubject: 1 });
    kept.append('a', { 'Nats-TTL': '1' });
    kept.append('a', { 'Nats-TTL': '60' });
    expect([kept.after(5000), kept.gone]).toEqual([[2], [[1]]]);
  });

  it('does not keep evicted messages in memory until then', async () => {
    const kept = new Kept({ appliesMessageTtl: true });
    const { window } = kept;
    const entries: WeakRef<LogEntry>[] = [];
    for (let i = 0; i < 1000; i++) {
      kept.append('a', { 'Nats-TTL': '60' });
      entries.push(new WeakRef(window.last as LogEntry));
      if (i >= 10) window.forget(window.last as LogEntry);
    }
    await setImmediate();
    collectGarbage();
    const inMemory = entries.filter((entry) => entry.deref() !== undefined).length;
    expect(inMemory).toBeGreaterThanOrEqual(10);
    expect(inMemory).toBeLessThanOrEqual(2 * 10 + 64);
    expect(kept.after(60_000)).toEqual([]);
    expect(kept.gone.flat()).toHaveLength(10);
  });

  it('of the stream ends each message by the clock of the server, and sessions ask the stream', () => {
    const kept = new Kept({ maxAgeSeconds: 10, clockAheadMs: -500 });
    kept.append('a');
    jest.advanceTimersByTime(1000);
    kept.append('b');
    expect(kept.after(9499)).toEqual([1, 2]);
    expect(kept.after(1)).toEqual([2]);
    expect([kept.window.lostOf(wanted('a')), kept.window.lostOf(wanted('b'))]).toEqual([1, 0]);
    expect(kept.after(999)).toEqual([2]);
    expect(kept.after(1)).toEqual([]);
    expect([kept.gone, kept.after(60_000)]).toEqual([[[1], [2]], []]);
    kept.append('a');
    expect(kept.after(10_499)).toEqual([3]);
    expect(kept.after(1)).toEqual([]);
  });

  it('of the stream changes with its configuration, and the oldest message with the window', () => {
    const kept = new Kept({ maxAgeSeconds: 10 });
    for (let i = 0; i < 3; i++) {
      kept.append('a');
      jest.advanceTimersByTime(1000);
    }
    expect(kept.after(0)).toEqual([1, 2, 3]);
    kept.adopt({ maxAgeSeconds: 20 });
    expect(kept.after(10_000)).toEqual([1, 2, 3]);
    kept.window.forget(kept.window.first as LogEntry);
    expect(kept.after(7999)).toEqual([2, 3]);
    expect(kept.after(1)).toEqual([3]);
    kept.adopt({ maxAgeSeconds: 5 });
    expect(kept.after(0)).toEqual([]);
    kept.append('a');
    kept.adopt({});
    expect(kept.after(60_000)).toEqual([4]);
  });
});

describe('another window', () => {
  it('has none of the deadlines and limits of its predecessor', () => {
    const kept = new Kept({ maxAgeSeconds: 10, appliesMessageTtl: true });
    kept.append('a', { 'Nats-TTL': '1' });
    kept.after(0);
    const other = new MessageWindow({ maxMessages: 10, maxBytes: 1e9 }, 0);
    kept.retention.begin(other);
    jest.advanceTimersByTime(5000);
    other.append(
      new LogEntry(
        storedMessage('x', { subject: 'b', timeNanos: BigInt(Date.now()) * 1_000_000n }),
      ),
    );
    jest.advanceTimersByTime(9000);
    kept.retention.expire();
    expect([other.messages, kept.gone, kept.held]).toEqual([1, [], [1]]);
    jest.advanceTimersByTime(1000);
    kept.retention.expire();
    expect(other.messages).toBe(0);
  });

  it('is none before the first stream', () => {
    const retention = new Retention();
    const told = jest.fn();
    retention.gone$.subscribe(told);
    const entry = new LogEntry(storedMessage('x'));
    retention.expire();
    expect(retention.appended(entry)).toBe(false);
    retention.adopt(NO_LIMITS);
    retention.expire();
    expect(retention.appended(entry)).toBe(false);
    retention.forgetAll(5);
    expect([told, retention.removals]).toEqual([expect.any(Function), 0]);
    expect(told).not.toHaveBeenCalled();
    retention.remove([entry]);
    expect(told).toHaveBeenCalledWith([entry]);
  });
});

it('forgets all up to a sequence that may be deleted', () => {
  const kept = new Kept();
  for (const subject of ['a', 'b', 'a']) kept.append(subject);
  kept.retention.forgetAll(2);
  expect([kept.held, kept.gone, kept.left, kept.retention.removals]).toEqual([
    [3],
    [[1, 2]],
    [[1, 2]],
    2,
  ]);
  expect(kept.window.lostOf(wanted('never'))).toBe(2);
});
