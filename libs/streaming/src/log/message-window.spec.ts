import * as fc from 'fast-check';
import { storedMessage } from '../frames/message.fixture.js';
import { ForgottenSubjects } from './forgotten-subjects.js';
import { LogEntry } from './log-entry.js';
import { MessageWindow, type WindowBounds } from './message-window.js';
import { SequenceDeque } from './sequence-deque.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

const entry = (sequence: number, subject: string, bytes = 1): LogEntry =>
  new LogEntry(storedMessage('x'.repeat(bytes), { sequence, subject }));
const setOf = (...topics: string[]): SubjectSet => new SubjectSet('', topics);
const sequences = (entries: readonly LogEntry[]): number[] => entries.map((e) => e.sequence);

function windowOf(bounds: Partial<WindowBounds>, subjects: readonly string[]): MessageWindow {
  const window = new MessageWindow({ maxMessages: 1000, maxBytes: 1e9, ...bounds }, 0);
  subjects.forEach((subject, index) => {
    window.append(entry(index + 1, subject));
    window.trim();
  });
  return window;
}

describe('SequenceDeque', () => {
  it('behaves like a sorted array', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant('shift' as const)), {
          maxLength: 400,
        }),
        fc.nat(600),
        (steps, probe) => {
          const deque = new SequenceDeque<{ sequence: number }>();
          const model: { sequence: number }[] = [];
          let sequence = 0;
          for (const step of steps) {
            if (step === 'shift') expect(deque.shift()).toBe(model.shift());
            else {
              const item = { sequence: (sequence += step) };
              deque.push(item);
              model.push(item);
            }
          }
          expect(deque.length).toBe(model.length);
          expect(deque.first).toBe(model[0]);
          expect(deque.last).toBe(model.at(-1));
          const after = model.filter((item) => item.sequence > probe);
          expect(deque.after(probe, 7)).toEqual(after.slice(0, 7));
          expect(deque.indexAfter(probe)).toBe(model.length - after.length);
        },
      ),
    );
  });
});

describe('MessageWindow', () => {
  it('is bounded in count, and remembers what it lost of each subject', () => {
    const window = windowOf({ maxMessages: 2 }, ['a', 'b', 'a', 'c']);
    expect(window.messages).toBe(2);
    expect(window.covers(setOf('a'), 0)).toBe(false);
    expect(window.covers(setOf('a'), 1)).toBe(true);
    expect(window.covers(setOf('b'), 1)).toBe(false);
    expect(window.covers(setOf('c', 'a'), 1)).toBe(true);
    expect(window.covers(setOf('never-seen'), 0)).toBe(true);
  });

  it('is bounded in bytes, also by one message larger than its bound', () => {
    const window = new MessageWindow({ maxMessages: 100, maxBytes: 2000 }, 0);
    window.append(entry(1, 'a', 10));
    window.append(entry(2, 'a', 5000));
    expect(sequences(window.after(setOf('a'), 0, 10))).toEqual([1, 2]);
    window.trim();
    expect([window.messages, window.bytes]).toEqual([0, 0]);
    expect(window.covers(setOf('a'), 1)).toBe(false);
    window.append(entry(3, 'a', 10));
    window.trim();
    expect(sequences(window.after(setOf('a'), 2, 10))).toEqual([3]);
  });

  it('serves nobody from below its start, until somebody looked', () => {
    const window = new MessageWindow({ maxMessages: 10, maxBytes: 1e9 }, 500);
    const quiet = setOf('quiet');
    expect(window.covers(quiet, 499)).toBe(false);
    expect(window.covers(quiet, 500)).toBe(true);
    const [asked] = window.uncovered(quiet, 20);
    if (asked === undefined) throw new Error('not uncovered');
    window.settle(asked, 20);
    expect(window.covers(quiet, 20)).toBe(true);
    expect(window.covers(quiet, 19)).toBe(false);
    expect(window.covers(setOf('other'), 20)).toBe(false);
  });

  it('drops an answer that was overtaken by an eviction', () => {
    const window = new MessageWindow({ maxMessages: 0, maxBytes: 1e9 }, 500);
    const [asked] = window.uncovered(setOf('a'), 20);
    if (asked === undefined) throw new Error('not uncovered');
    window.append(entry(501, 'a'));
    window.trim();
    window.settle(asked, 20);
    expect(window.covers(setOf('a'), 20)).toBe(false);
  });

  it('settles patterns, and what single subjects lost within them', () => {
    const window = windowOf({ maxMessages: 1 }, ['o.a', 'o.b', 'p', 'p']);
    const pattern = setOf('o.*');
    expect(window.covers(pattern, 1)).toBe(false);
    const [asked] = window.uncovered(pattern, 1);
    if (asked === undefined) throw new Error('not uncovered');
    expect(asked.lost).toBe(2);
    window.settle(asked, 1);
    expect(window.covers(pattern, 1)).toBe(true);
    expect(window.covers(setOf('o.b'), 1)).toBe(true);
    expect(window.covers(pattern, 0)).toBe(false);
    window.append(entry(5, 'o.c'));
    window.append(entry(6, 'p'));
    window.trim();
    expect(window.covers(pattern, 4)).toBe(false);
  });

  it('finds a message by its sequence', () => {
    const window = windowOf({}, ['a', 'b']);
    window.append(entry(9, 'c'));
    expect(window.at(2)?.subject).toBe('b');
    expect(window.at(9)?.subject).toBe('c');
    expect(window.at(5)).toBeUndefined();
    expect(window.at(10)).toBeUndefined();
  });

  it('finds the newest message stored before a time', () => {
    const window = windowOf({}, []);
    for (const sequence of [2, 5]) {
      const timeNanos = BigInt(sequence * 10);
      window.append(new LogEntry(storedMessage('x', { sequence, timeNanos })));
    }
    const found = [20n, 21n, 50n, 51n].map((time) => window.lastBefore(time)?.sequence);
    expect(found).toEqual([undefined, 2, 2, 5]);
  });

  it('searches a pattern in advance, so that a request does not have to', () => {
    const window = windowOf({ maxMessages: 1 }, ['o.a', 'o.b', 'p']);
    const [wanted] = setOf('o.*').all as [WantedSubject];
    const matches = jest.fn((subject: string) => wanted.matches(subject));
    const pattern = { ...wanted, matches };
    window.prepare(pattern);
    expect(matches).toHaveBeenCalled();
    matches.mockClear();
    expect([window.lostOf(pattern), matches.mock.calls]).toEqual([2, []]);
  });

  it('never claims to cover what it lost, and returns what it holds in order', () => {
    const subjects = fc.constantFrom('a', 'b', 'o.x', 'o.y');
    const topics = fc.uniqueArray(fc.constantFrom('a', 'b', 'o.x', 'o.*', '>'), { minLength: 1 });
    fc.assert(
      fc.property(
        fc.array(subjects, { maxLength: 60 }),
        topics,
        fc.nat(60),
        fc.integer({ min: 0, max: 20 }),
        (stored, wanted, cursor, maxMessages) => {
          const window = windowOf({ maxMessages }, stored);
          const set = setOf(...wanted);
          const all = stored.map((subject, index) => ({ subject, sequence: index + 1 }));
          const due = all.filter((m) => m.sequence > cursor && set.matches(m.subject));
          const held = due.filter((m) => m.sequence > stored.length - maxMessages);
          expect(sequences(window.after(set, cursor, 1000))).toEqual(held.map((m) => m.sequence));
          expect(sequences(window.after(set, cursor, 2))).toEqual(
            held.slice(0, 2).map((m) => m.sequence),
          );
          expect(window.covers(set, cursor)).toBe(held.length === due.length);
        },
      ),
    );
  });
});

describe('ForgottenSubjects', () => {
  it('stays bounded: what it drops raises the floor for all', () => {
    const forgotten = new ForgottenSubjects(0, 2);
    forgotten.forget('a', 1);
    forgotten.forget('b', 2);
    forgotten.forget('c', 3);
    expect(forgotten.size).toBe(2);
    const [unknown] = setOf('never-seen').all;
    if (unknown === undefined) throw new Error('empty set');
    expect(forgotten.of(unknown)).toBe(1);
    expect(forgotten.anyAfter(setOf('never-seen'), 0)).toBe(true);
    expect(forgotten.anyAfter(setOf('b'), 1)).toBe(true);
    expect(forgotten.anyAfter(setOf('b'), 2)).toBe(false);
  });
});
