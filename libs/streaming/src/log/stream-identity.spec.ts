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
