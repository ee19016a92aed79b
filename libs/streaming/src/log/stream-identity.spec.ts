import * as fc from 'fast-check';
import type { StoredMessage } from '@nuts/nats';
import { isSetBack } from './stream-identity.js';

/** A store with its own clock, which can be copied and put back. */
class Store {
  constructor(
    public messages: StoredMessage[] = [],
    public last = 0,
    public lastTime = 0n,
  ) {}

  copy(): Store {
    return new Store([...this.messages], this.last, this.lastTime);
  }

  put(timeNanos: bigint, subject: string): void {
    this.lastTime = timeNanos;
    this.messages.push({ subject, sequence: ++this.last, timeNanos });
  }

  get facts(): { name: string; firstSequence: number; replicas: number } {
    const firstSequence = this.messages[0]?.sequence ?? this.last + 1;
    return { name: 'S', firstSequence, replicas: 1 };
  }

  messageAt(_stream: string, sequence: number): Promise<StoredMessage | undefined> {
    return Promise.resolve(this.messages.find((one) => one.sequence === sequence));
  }

  nextMessage(_stream: string, from: number): Promise<StoredMessage | undefined> {
    return Promise.resolve(this.messages.find((one) => one.sequence >= from));
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('ours', 'other') },
  { weight: 1, arbitrary: fc.nat(1000) },
);
const steps = fc.array(step, { maxLength: 25, size: 'max' });

describe('isSetBack', () => {
  it('tells a store that was set back and grew past its end, and no other, whatever was deleted', async () => {
    let clock = 1n;
    const run = (store: Store, script: readonly (string | number)[]): void => {
      for (const one of script) {
        clock++;
        if (typeof one === 'string') store.put(clock, one);
        else store.messages.splice(one % Math.max(1, store.messages.length), 1);
      }
    };
    await fc.assert(
      fc.asyncProperty(
        steps,
        steps,
        steps,
        fc.nat(5),
        fc.boolean(),
        async (before, lost, after, kept, isRestored) => {
          const store = new Store();
          run(store, before);
          const snapshot = store.copy();
          run(store, lost);
          const { last } = store;
          const known = { sequence: last, timeNanos: store.lastTime };
          // What memory holds: the newest of one subject, as they were.
          const memory = store.messages.filter(({ subject }) => subject === 'ours').slice(-kept);
          const now = isRestored ? snapshot : store;
          run(now, after);
          fc.pre(now.last >= last);
          // Rewritten, and still there: what a client would miss, or have twice.
          const isRewritten = now.messages.some(
            ({ sequence, timeNanos }) => sequence <= last && timeNanos > known.timeNanos,
          );
          const said = await isSetBack(
            now,
            now.facts,
            known,
            (sequence) => memory.find((one) => one.sequence === sequence)?.timeNanos,
          );
          expect(said).toBe(isRewritten);
        },
      ),
    );
  });
});

describe('the identity of a store', () => {
  const MS = 1_000_000n;
  const stored = (...times: readonly (bigint | undefined)[]): Store => {
    const store = new Store();
    for (const [index, time] of times.entries()) {
      store.last = index;
      store.put(time ?? 0n, 'a');
    }
    store.messages = store.messages.filter(({ timeNanos }) => timeNanos !== 0n);
    return store;
  };
  const unknown = (): undefined => undefined;

  it('is not doubted without a time, or where the known message is before the first', async () => {
    const store = stored(1n, 2n, 3n);
    const lookedUp = jest.spyOn(store, 'messageAt');
    const facts = { ...store.facts, firstSequence: 2 };
    expect(await isSetBack(store, facts, { sequence: 3, timeNanos: 0n }, unknown)).toBe(false);
    expect(await isSetBack(store, facts, { sequence: 1, timeNanos: 7n }, unknown)).toBe(false);
    expect(lookedUp).not.toHaveBeenCalled();
    expect(await isSetBack(store, facts, { sequence: 2, timeNanos: 7n }, unknown)).toBe(true);
  });

  it('is another one where the message has any other time, an earlier one too', async () => {
    const store = stored(1n, 5n, 6n);
    const isOther = (timeNanos: bigint): Promise<boolean> =>
      isSetBack(store, store.facts, { sequence: 2, timeNanos }, unknown);
    expect([await isOther(4n), await isOther(5n), await isOther(6n)]).toEqual([true, false, true]);
  });

  it('is not doubted where nothing is left up to the known message', async () => {
    const store = stored(undefined, undefined, 9n);
    const known = { sequence: 2, timeNanos: 5n };
    expect(await isSetBack(store, { ...store.facts, firstSequence: 1 }, known, unknown)).toBe(
      false,
    );
  });

  it.each([
    [1, 100n * MS, false],
    [1, 100n * MS + 1n, true],
    [3, 350n * MS, false],
    [3, 350n * MS + 1n, true],
  ])(
    'depends on an older message where the known one was deleted (%p replicas, stored at %p: %p)',
    async (replicas, timeNanos, expected) => {
      const store = stored(1n, timeNanos, undefined);
      const known = { sequence: 3, timeNanos: 100n * MS };
      const facts = { ...store.facts, replicas };
      expect(await isSetBack(store, facts, known, unknown)).toBe(expected);
      // Memory knows better.
      expect(await isSetBack(store, facts, known, () => timeNanos)).toBe(false);
      expect(await isSetBack(store, facts, known, () => timeNanos + 1n)).toBe(true);
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 7])('is found at %p, wherever it is', async (sequence) => {
    const times = Array.from({ length: 7 }, (_, i) => (i + 1 === sequence ? 9n : undefined));
    const facts = { name: 'S', firstSequence: 1, replicas: 1 };
    const known = { sequence: 8, timeNanos: 8n };
    expect(await isSetBack(stored(...times), facts, known, unknown)).toBe(true);
  });

  it('is found with few lookups, of any subject', async () => {
    const store = stored(
      ...Array.from({ length: 1000 }, (_, i) => (i < 300 ? BigInt(i + 1) : undefined)),
    );
    const known = { sequence: 1000, timeNanos: 5000n };
    const lookups = jest.spyOn(store, 'nextMessage') as jest.SpyInstance<unknown, unknown[]>;
    expect(await isSetBack(store, store.facts, known, (at) => BigInt(at))).toBe(false);
    expect(lookups.mock.calls.length).toBeLessThanOrEqual(10);
    for (const [name, , filter] of lookups.mock.calls) expect([name, filter]).toEqual(['S', '>']);
  });
});
