import * as fc from 'fast-check';
import { SequenceDeque, type Sequenced } from './sequence-deque.js';

/** What can be done with a deque and with its model, a sorted array. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }).map((gap) => ({ do: 'push', n: gap })) },
  { weight: 3, arbitrary: fc.constant({ do: 'shift', n: 0 }) },
  { weight: 1, arbitrary: fc.nat(400).map((n) => ({ do: 'remove', n })) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }).map((n) => ({ do: 'retain', n })) },
);

function expectSame(deque: SequenceDeque<Sequenced>, model: readonly Sequenced[]): void {
  expect(deque.length).toBe(model.length);
  expect(deque.first).toBe(model[0]);
  expect(deque.last).toBe(model.at(-1));
  expect(deque.at(model.length)).toBeUndefined();
  const middle = model[model.length >> 1]?.sequence ?? 5;
  expect(deque.at(model.length >> 1)).toBe(model[model.length >> 1]);
  for (const sequence of [middle - 1, middle, 0, 1e6]) {
    const index = model.findIndex((item) => item.sequence > sequence);
    expect(deque.indexAfter(sequence)).toBe(index < 0 ? model.length : index);
    const following = model.filter((item) => item.sequence > sequence);
    expect(deque.after(sequence, 3)).toEqual(following.slice(0, 3));
    expect(deque.through(sequence)).toEqual(model.filter((item) => item.sequence <= sequence));
  }
  expect(deque.newest(2)).toEqual(model.slice(-2));
  expect(deque.newest(1e6)).toEqual(model);
}

describe('SequenceDeque', () => {
  it('is a sorted array that is cheap at its front', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(0, 100), (steps, before) => {
        const deque = new SequenceDeque<Sequenced>();
        let model: Sequenced[] = [];
        let sequence = 0;
        const push = (gap: number): void => {
          const item = { sequence: (sequence += gap) };
          deque.push(item);
          model.push(item);
        };
        for (let i = 0; i < before; i += 1) push(1);
        for (let i = 0; i < before - 20; i += 1) expect(deque.shift()).toBe(model.shift());
        for (const { do: what, n } of steps) {
          if (what === 'push') push(n);
          else if (what === 'shift') expect(deque.shift()).toBe(model.shift());
          else if (what === 'remove') {
            deque.remove(n);
            model = model.filter((item) => item.sequence !== n);
          } else {
            deque.retain((item) => item.sequence % n !== 0);
            model = model.filter((item) => item.sequence % n !== 0);
          }
          expectSame(deque, model);
        }
        deque.retain(() => false);
        expectSame(deque, []);
      }),
      { numRuns: 100 },
    );
  });

  it('removes at either end and in the middle', () => {
    const deque = new SequenceDeque<Sequenced>();
    for (const sequence of [2, 4, 6, 8]) deque.push({ sequence });
    for (const sequence of [3, 2, 6, 8, 9]) deque.remove(sequence);
    expect(deque.through(9)).toEqual([{ sequence: 4 }]);
    deque.remove(4);
    expect([deque.length, deque.first, deque.last, deque.shift()]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
