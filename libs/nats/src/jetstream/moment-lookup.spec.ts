import fc from 'fast-check';
import type { StoredMessage, StreamFacts } from '../nats-client.interface.js';
import { MomentLookup } from './moment-lookup.js';

/** A stream with messages at these sequences, each stored at ten times its sequence. */
class Stored {
  asked = 0;
  /** Requests one after the other. */
  rounds = 0;
  private underWay = 0;

  constructor(
    private readonly sequences: readonly number[],
    private readonly last: number,
  ) {}

  streamFacts(): Promise<StreamFacts> {
    const firstSequence = this.sequences[0] ?? this.last + 1;
    return Promise.resolve({ firstSequence, lastSequence: this.last } as StreamFacts);
  }

  async nextMessage(_stream: string, from: number): Promise<StoredMessage | undefined> {
    this.asked++;
    if (this.underWay++ === 0) this.rounds++;
    await Promise.resolve();
    this.underWay--;
    const sequence = this.sequences.find((one) => one >= from);
    return sequence === undefined
      ? undefined
      : { subject: 'a', sequence, timeNanos: BigInt(sequence) * 10n };
  }
}

/** A clock on which every read takes a second. */
function slowClock(): () => number {
  let now = 0;
  return () => (now += 1000);
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

describe('looking up a time', () => {
  it.each([
    ['fast', () => 0],
    ['slow', slowClock()],
  ])(
    'over a %s link finds the first message from a time on, wherever gaps are and previous searches ended',
    async (_link, clock) => {
      const sequences = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 80 });
      const moments = fc.array(fc.integer({ min: 0, max: 3200 }), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(sequences, fc.nat(20), moments, async (some, gone, times) => {
          const sorted = some.sort((a, b) => a - b);
          const stored = new Stored(sorted, (sorted.at(-1) ?? 0) + gone);
          const moment = new MomentLookup(stored, clock);
          for (const time of times) {
            const found = await moment.sequenceAt('S', BigInt(time));
            expect(sorted.filter((one) => one >= found)).toEqual(
              sorted.filter((one) => one * 10 >= time),
            );
            expect(found).toBeLessThanOrEqual((sorted.at(-1) ?? 0) + gone + 1);
          }
        }),
      );
    },
  );

  it('bisects the range, and needs two requests where it was before', async () => {
    const stored = new Stored(upTo(10_000), 10_000);
    const moment = new MomentLookup(stored);
    expect(await moment.sequenceAt('S', 77_775n)).toBe(7778);
    expect(stored.asked).toBeLessThanOrEqual(14);
    stored.asked = 0;
    expect(await moment.sequenceAt('S', 77_775n)).toBe(7778);
    expect(stored.asked).toBe(2);
    stored.asked = 0;
    expect(await moment.sequenceAt('S', 77_955n)).toBe(7796);
    expect(stored.asked).toBeLessThanOrEqual(10);
  });

  it('needs few round trips on a slow link', async () => {
    const stored = new Stored(upTo(3000), 3000);
    const moment = new MomentLookup(stored, slowClock());
    expect(await moment.sequenceAt('S', 17_775n)).toBe(1778);
    expect([stored.rounds, stored.asked <= 3 * 15]).toEqual([3, true]);
    stored.rounds = 0;
    expect(await moment.sequenceAt('S', 17_775n)).toBe(1778);
    expect(stored.rounds).toBe(1);
    stored.rounds = 0;
    expect(await moment.sequenceAt('S', 17_955n)).toBe(1796);
    expect(stored.rounds).toBeLessThanOrEqual(3);
  });

  it('sends no request for an empty stream', async () => {
    const stored = new Stored([], 41);
    expect(await new MomentLookup(stored).sequenceAt('S', 5n)).toBe(42);
    expect(stored.asked).toBe(0);
  });
});
