import fc from 'fast-check';
import type { StoredMessage, StreamFacts } from '../nats-client.interface.js';
import { MomentLookup } from './moment-lookup.js';

/** A stream whose messages lie at these sequences, each stored at ten times its sequence. */
class Stored {
  asked = 0;

  constructor(
    private readonly sequences: readonly number[],
    private readonly last: number,
  ) {}

  streamFacts(): Promise<StreamFacts> {
    const firstSequence = this.sequences[0] ?? this.last + 1;
    return Promise.resolve({ firstSequence, lastSequence: this.last } as StreamFacts);
  }

  nextMessage(_stream: string, from: number): Promise<StoredMessage | undefined> {
    this.asked++;
    const sequence = this.sequences.find((one) => one >= from);
    return Promise.resolve(
      sequence === undefined
        ? undefined
        : { subject: 'a', sequence, timeNanos: BigInt(sequence) * 10n },
    );
  }
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

describe('looking up a time', () => {
  it('finds the first message from a time on, wherever gaps are and previous searches ended', async () => {
    const sequences = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 80 });
    const moments = fc.array(fc.integer({ min: 0, max: 3200 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sequences, fc.nat(20), moments, async (some, gone, times) => {
        const sorted = some.sort((a, b) => a - b);
        const stored = new Stored(sorted, (sorted.at(-1) ?? 0) + gone);
        const moment = new MomentLookup(stored);
        for (const time of times) {
          const found = await moment.sequenceAt('S', BigInt(time));
          expect(sorted.filter((one) => one >= found)).toEqual(
            sorted.filter((one) => one * 10 >= time),
          );
          expect(found).toBeLessThanOrEqual((sorted.at(-1) ?? 0) + gone + 1);
        }
      }),
    );
  });

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

  it('sends no request for an empty stream', async () => {
    const stored = new Stored([], 41);
    expect(await new MomentLookup(stored).sequenceAt('S', 5n)).toBe(42);
    expect(stored.asked).toBe(0);
  });
});
