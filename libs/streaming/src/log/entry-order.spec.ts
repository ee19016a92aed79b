import * as fc from 'fast-check';
import { storedMessage } from '../frames/message.fixture.js';
import { EntryOrder } from './entry-order.js';
import { LogEntry } from './log-entry.js';
import { SubjectSet } from './subject-set.js';

const entry = (sequence: number, subject: string): LogEntry =>
  new LogEntry(
    storedMessage('x'.repeat(sequence % 5), { sequence, subject, timeNanos: BigInt(sequence) }),
  );

function expectSame(order: EntryOrder, model: readonly LogEntry[], set: SubjectSet): void {
  const ofSet = model.filter(({ subject }) => set.matches(subject));
  const middle = model[model.length >> 1]?.sequence ?? 5;
  expect(order.size).toBe(model.length);
  expect(order.first).toBe(model[0]);
  expect(order.at(middle)).toBe(model.find(({ sequence }) => sequence === middle));
  expect(order.at(middle - 1)).toBe(model.find(({ sequence }) => sequence === middle - 1));
  expect(order.through(middle)).toEqual(model.filter(({ sequence }) => sequence <= middle));
  const following = ofSet.filter(({ sequence }) => sequence > middle);
  for (const limit of [1, 3, 1000]) {
    expect(order.after(set, middle, limit)).toEqual(following.slice(0, limit));
    expect(order.newest(set, limit)).toEqual(ofSet.slice(-limit));
  }
}

describe('EntryOrder', () => {
  it('shows nothing of what was removed, whether it still has its place or not', () => {
    const subjects = fc.array(fc.constantFrom('a', 'b', 'o.x'), { minLength: 1, maxLength: 30 });
    const topics = fc.constantFrom(['a'], ['a', 'o.*'], ['>'], ['never']);
    fc.assert(
      fc.property(
        subjects,
        topics,
        fc.array(fc.nat(299), { maxLength: 200 }),
        fc.integer({ min: 1, max: 10 }),
        (some, topic, removed, copies) => {
          const set = new SubjectSet('', topic);
          const order = new EntryOrder();
          let model: LogEntry[] = [];
          for (let i = 0; i < some.length * copies; i += 1) {
            const added = entry(i + 1, some[i % some.length] ?? 'a');
            order.push(added);
            model.push(added);
          }
          for (const place of removed) {
            const gone = model[place % Math.max(1, model.length)];
            if (gone === undefined) break;
            order.remove(gone);
            model = model.filter((one) => one !== gone);
          }
          expectSame(order, model, set);
          for (const gone of model) order.remove(gone);
          expect([order.size, order.bytes, order.isEmpty]).toEqual([0, 0, true]);
          expectSame(order, [], set);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('removes many at once, so that the bytes of removed entries stay bounded', () => {
    const order = new EntryOrder();
    const entries = Array.from({ length: 200 }, (_, i) => entry(i + 1, 'a'));
    for (const one of entries) order.push(one);
    const all = entries.reduce((sum, { size }) => sum + size, 0);
    expect(order.bytes).toBe(all);
    for (const one of entries.slice(1, 65)) order.remove(one);
    // 64 of 200 wait; they count until then.
    expect([order.size, order.bytes]).toEqual([136, all]);
    order.remove(entries[65] as LogEntry);
    const gone = entries.slice(1, 66).reduce((sum, { size }) => sum + size, 0);
    expect([order.size, order.bytes]).toEqual([135, all - gone]);
    expect(order.last).toBe(entries[199]);
    order.remove(entries[0] as LogEntry);
    expect(order.first).toBe(entries[66]);
  });

  it('waits for an eighth of a large window', () => {
    const order = new EntryOrder();
    const entries = Array.from({ length: 1600 }, (_, i) => entry(i + 1, 'a'));
    for (const one of entries) order.push(one);
    const all = order.bytes;
    for (const one of entries.slice(1, 201)) order.remove(one);
    expect(order.bytes).toBe(all);
    order.remove(entries[201] as LogEntry);
    expect(order.bytes).toBeLessThan(all);
  });

  it('finds the newest entry before a time', () => {
    const order = new EntryOrder();
    expect(order.lastBefore(5n)).toBeUndefined();
    const entries = [2, 4, 6].map((sequence) => entry(sequence, 'a'));
    for (const one of entries) order.push(one);
    const found = [2n, 3n, 4n, 5n, 6n, 7n, 99n].map((time) => order.lastBefore(time)?.sequence);
    expect(found).toEqual([undefined, 2, 2, 4, 4, 6, 6]);
  });
});
