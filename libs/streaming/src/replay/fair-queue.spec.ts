import * as fc from 'fast-check';
import { FairQueue } from './fair-queue.js';
import { LeaseQueue, type Lease } from './lease-queue.js';

describe('FairQueue', () => {
  it('gives the next turn to the client that holds the fewest slots, then to the shortest replay', () => {
    const queue = new FairQueue<string>();
    queue.hold('greedy');
    for (let i = 0; i < 100; i++) queue.add({ client: 'greedy', left: 10 }, `greedy ${String(i)}`);
    queue.add({ client: 'long', left: 1e9 }, 'long');
    queue.add({ client: 'short', left: 10 }, 'short');
    expect([queue.take(), queue.take(), queue.take()].map((next) => next?.value)).toEqual([
      'short',
      'long',
      'greedy 0',
    ]);
  });

  it('alternates between clients, however many turns each requests', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 6; i++) queue.add({ client: 'a' }, 'a');
    for (let i = 0; i < 3; i++) queue.add({ client: 'b' }, 'b');
    const order = Array.from({ length: 9 }, () => queue.take()?.value);
    expect(order.join('')).toBe('abababaaa');
  });

  it('gives each of them one turn, and keeps nothing', () => {
    const claim = fc.record({
      client: fc.nat(5).map(String),
      left: fc.option(fc.nat(), { nil: 0 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(claim, fc.boolean())), (asked) => {
        const queue = new FairQueue<number>();
        const due = new Set<number>();
        for (const [index, [claimed, stays]] of asked.entries()) {
          const waiter = queue.add(claimed, index);
          if (stays) due.add(index);
          else queue.remove(waiter);
        }
        for (let next = queue.take(); next !== undefined; next = queue.take()) {
          expect(due.delete(next.value)).toBe(true);
        }
        expect([due.size, queue.size, queue.hasOther('0')]).toEqual([0, 0, false]);
      }),
    );
  });
});

describe('LeaseQueue', () => {
  it('serves another client next, beside 1500 requests of one address', async () => {
    const never = new AbortController().signal;
    const waits: number[] = [];
    const counts: number[] = [];
    const queue = new LeaseQueue(() => 8, undefined, {
      waiting: (count) => counts.push(count),
      waited: (seconds) => waits.push(seconds),
    });
    const served: string[] = [];
    const ask = (client: string, left: number): Promise<void> =>
      queue.acquire(never, { client, left }).then((lease) => {
        served.push(client);
        if (lease !== undefined) held.push(lease);
      });
    const held: Lease[] = [];
    const all = Array.from({ length: 1500 }, () => ask('greedy', 1e6));
    all.push(ask('honest', 8000));
    await Promise.resolve();
    expect(counts.at(-1)).toBe(1493);
    expect([queue.isOverShare('greedy'), queue.isOverShare('honest')]).toEqual([true, false]);
    for (let lease = held.shift(); lease !== undefined; lease = held.shift()) {
      lease.release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(served.indexOf('honest')).toBe(8);
    expect([counts.at(-1), waits.length]).toEqual([0, 1493]);
  });
});
