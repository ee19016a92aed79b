import * as fc from 'fast-check';
import { DeadlineQueue } from './deadline-queue.js';

interface Item {
  readonly at: number;
  readonly id: number;
}

function drain(queue: DeadlineQueue<Item>, now: number): number[] {
  const due: number[] = [];
  for (let item = queue.shiftDue(now); item !== undefined; item = queue.shiftDue(now)) {
    due.push(item.at);
  }
  return due;
}

const ascending = (a: number, b: number): number => a - b;

describe('DeadlineQueue', () => {
  it('gives what is due, the earliest first, and keeps the rest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(50), fc.array(fc.nat(50)), (first, now, later) => {
        const queue = new DeadlineQueue<Item>();
        const push = (at: number, id: number): void => queue.push({ at, id }, at);
        first.forEach(push);
        expect(queue.length).toBe(first.length);
        expect(drain(queue, now)).toEqual(first.filter((at) => at <= now).sort(ascending));
        later.forEach(push);
        const rest = [...first.filter((at) => at > now), ...later].sort(ascending);
        expect(queue.length).toBe(rest.length);
        expect(drain(queue, 50)).toEqual(rest);
        expect(queue.length).toBe(0);
      }),
    );
  });

  it('keeps its order when items are taken out of its middle', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 4 }), (ends, n) => {
        const queue = new DeadlineQueue<Item>();
        ends.forEach((at, id) => queue.push({ at, id }, at));
        queue.retain(({ id }) => id % n === 0);
        const kept = ends.filter((_, id) => id % n === 0).sort(ascending);
        expect(queue.length).toBe(kept.length);
        expect(drain(queue, 50)).toEqual(kept);
      }),
    );
  });

  it('holds nothing after it was cleared', () => {
    const queue = new DeadlineQueue<Item>();
    queue.push({ at: 1, id: 1 }, 1);
    queue.clear();
    expect([queue.length, queue.shiftDue(9)]).toEqual([0, undefined]);
  });
});
