import * as fc from 'fast-check';
import { storedMessage } from '../frames/message.fixture.js';
import { LastValues } from './last-values.js';
import { LogEntry } from './log-entry.js';
import { MessageWindow } from './message-window.js';
import { NewestMessages } from './newest-messages.js';
import { SubjectSet } from './subject-set.js';

const entry = (sequence: number, subject: string): LogEntry =>
  new LogEntry(storedMessage('x', { sequence, subject }));
const setOf = (...topics: string[]): SubjectSet => new SubjectSet('', topics);

/** A window that moves the newest messages that it evicts to the last values, as the log does. */
class Memory {
  readonly lastValues = new LastValues({ maxMessages: 1000, maxBytes: 1e9 }, () => this.removals++);
  removals = 0;
  window: MessageWindow;
  readonly newest = new NewestMessages(
    () => this.window,
    this.lastValues,
    () => this.removals,
  );

  constructor(
    private readonly maxMessages: number,
    floor = 0,
  ) {
    this.window = this.windowFrom(floor);
    this.lastValues.beginRead();
    this.lastValues.endRead(true);
  }

  windowFrom(floor: number): MessageWindow {
    const bounds = { maxMessages: this.maxMessages, maxBytes: 1e9 };
    return new MessageWindow(bounds, floor, (one) => this.lastValues.evicted(one));
  }

  append(sequence: number, subject: string): LogEntry {
    const added = entry(sequence, subject);
    this.window.append(added);
    this.lastValues.superseded(subject);
    this.window.trim();
    return added;
  }

  /** The stream deleted a message that the window holds. */
  delete(sequence: number): void {
    this.window.remove(this.window.at(sequence) as LogEntry);
    this.removals++;
  }

  of(set: SubjectSet, cursor: number, through: number): unknown {
    const { entries, hasReplaced } = this.newest.of(set, cursor, through);
    return [entries.map(({ sequence }) => sequence), hasReplaced];
  }
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the newest message of each subject', () => {
  it('is found up to any position, in the window and beyond it', () => {
    const subject = fc.constantFrom('a', 'b', 'o.x', 'o.y', 'o.z');
    const topics = fc.constantFrom(['a'], ['o.y', 'a'], ['o.*'], ['b', 'o.*'], ['>'], ['never']);
    fc.assert(
      fc.property(
        fc.array(subject, { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        topics,
        fc.nat(30),
        fc.nat(30),
        (stored, maxMessages, wanted, cursor, through) => {
          const memory = new Memory(maxMessages);
          stored.forEach((one, index) => memory.append(index + 1, one));
          const set = setOf(...wanted);
          // Memory holds each message of the window, and the newest of each subject without one there.
          const held = stored
            .map((one, index) => ({ one, sequence: index + 1 }))
            .filter(
              ({ one, sequence }) =>
                set.matches(one) &&
                (sequence > stored.length - maxMessages ||
                  stored.lastIndexOf(one) === sequence - 1),
            );
          const newest = new Map<string, number>();
          for (const { one, sequence } of held) if (sequence <= through) newest.set(one, sequence);
          const due = [...newest.values()].filter((sequence) => sequence > cursor);
          due.sort((x, y) => x - y);
          const isReplaced = held.some(({ one }) => !newest.has(one));
          // The second time, a list of the first answers.
          for (let i = 0; i < 2; i++) {
            expect(memory.of(set, cursor, through)).toEqual([due, isReplaced]);
          }
          expect(memory.newest.isCompleteFor(set)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is not shown any more when it was deleted or superseded after the list was made', () => {
    const memory = new Memory(3);
    for (const sequence of [1, 2, 3, 4, 5]) memory.append(sequence, `s.${String(sequence)}`);
    const set = setOf('s.*');
    expect(memory.of(set, 0, 5)).toEqual([[1, 2, 3, 4, 5], false]);
    memory.delete(4);
    expect(memory.of(set, 0, 5)).toEqual([[1, 2, 3, 5], false]);
    memory.append(6, 's.1');
    // The message at the position is gone from memory, so the answer for the position has a hole.
    expect(memory.of(set, 0, 5)).toEqual([[2, 3, 5], true]);
    expect(memory.of(set, 2, 5)).toEqual([[3, 5], false]);
    expect(memory.of(set, 0, 6)).toEqual([[2, 3, 5, 6], false]);
  });

  it('is the newer one of the window and of the last values', () => {
    const memory = new Memory(10);
    memory.append(4, 'a');
    memory.lastValues.put(entry(2, 'a'));
    expect([memory.of(setOf('a'), 0, 9), memory.of(setOf('a'), 0, 3)]).toEqual([
      [[4], false],
      [[2], false],
    ]);
    memory.lastValues.put(entry(6, 'a'));
    expect([memory.of(setOf('a'), 0, 9), memory.of(setOf('a'), 0, 5)]).toEqual([
      [[6], false],
      [[4], false],
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is searched once for all who ask for the same position within a second', () => {
    const memory = new Memory(100);
    for (let i = 1; i <= 20; i++) memory.append(i, `s.${String(i)}`);
    const searched = jest.spyOn(memory.window, 'subjects');
    const set = setOf('s.*');
    const times = (): number => searched.mock.calls.length;
    for (let cursor = 0; cursor < 5; cursor++) memory.newest.of(set, cursor, 20);
    expect(times()).toBe(1);
    jest.advanceTimersByTime(999);
    memory.newest.of(set, 0, 20);
    expect(times()).toBe(1);
    jest.advanceTimersByTime(1);
    memory.newest.of(set, 0, 20);
    expect(times()).toBe(2);
    // Another set of the same topics, another position, another window, a removal.
    memory.newest.of(setOf('s.*'), 0, 20);
    memory.newest.of(set, 0, 19);
    expect(times()).toBe(4);
    memory.delete(3);
    memory.newest.of(set, 0, 20);
    memory.newest.of(set, 0, 20);
    expect(times()).toBe(5);
    memory.window = memory.windowFrom(0);
    expect(memory.of(set, 0, 20)).toEqual([[], false]);
  });

  it('keeps the lists of eight positions, the latest ones', () => {
    const memory = new Memory(100);
    for (let i = 1; i <= 20; i++) memory.append(i, `s.${String(i)}`);
    const searched = jest.spyOn(memory.window, 'subjects');
    const set = setOf('s.*');
    for (let position = 1; position <= 9; position++) memory.newest.of(set, 0, position);
    for (let position = 9; position >= 2; position--) memory.newest.of(set, 0, position);
    expect(searched).toHaveBeenCalledTimes(9);
    memory.newest.of(set, 0, 1);
    expect(searched).toHaveBeenCalledTimes(10);
  });

  it('releases its lists after a second, also when some are made again meanwhile', () => {
    const memory = new Memory(100);
    memory.append(1, 's.1');
    memory.newest.of(setOf('s.*'), 0, 1);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(500);
    memory.newest.of(setOf('s.*'), 0, 1);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(500);
    expect(jest.getTimerCount()).toBe(0);
    memory.newest.of(setOf('s.*'), 0, 1);
    expect(jest.getTimerCount()).toBe(1);
  });
});

describe('whether memory knows the newest message of a set', () => {
  it('is proven by the window alone, where it lost nothing newer', () => {
    const memory = new Memory(100, 10);
    memory.lastValues.overflow();
    memory.append(11, 'a');
    expect(memory.newest.isCompleteFor(setOf('a'))).toBe(true);
    expect(memory.newest.isCompleteFor(setOf('b'))).toBe(false);
    expect(memory.newest.isCompleteFor(setOf('a', 'b'))).toBe(false);
    // Another subject of the pattern may have been lost.
    expect(memory.newest.isCompleteFor(setOf('a', '>'))).toBe(false);
    memory.window.missing('a', 12);
    expect(memory.newest.isCompleteFor(setOf('a'))).toBe(false);
    memory.append(12, 'a');
    expect(memory.newest.isCompleteFor(setOf('a'))).toBe(false);
    memory.append(13, 'a');
    expect(memory.newest.isCompleteFor(setOf('a'))).toBe(true);
  });

  it('is proven by a window that has everything, for patterns too', () => {
    const memory = new Memory(100);
    memory.lastValues.overflow();
    expect(memory.newest.isCompleteFor(setOf('a', 'o.*'))).toBe(true);
  });

  it('counts only last values that have not expired', () => {
    const memory = new Memory(1);
    memory.lastValues.adopt({
      maxMessagesPerSubject: -1,
      maxAgeSeconds: 10,
      appliesMessageTtl: false,
      clockAheadMs: undefined,
      firstSequence: 1,
    });
    memory.window.append(
      new LogEntry(
        storedMessage('x', {
          subject: 'a',
          sequence: 1,
          timeNanos: BigInt(Date.now()) * 1_000_000n,
        }),
      ),
    );
    memory.append(2, 'b');
    expect(memory.newest.isCompleteFor(setOf('a'))).toBe(true);
    jest.advanceTimersByTime(10_001);
    // An older message of the subject may remain, as far as this process can tell.
    expect(memory.newest.isCompleteFor(setOf('a'))).toBe(false);
  });
});
