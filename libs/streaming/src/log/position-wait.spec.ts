import type { StreamFacts } from '@nuts/nats';
import { Subject } from 'rxjs';
import { PositionWait } from './position-wait.js';

const factsTo = (lastSequence: number): StreamFacts => ({ lastSequence }) as StreamFacts;

describe('waiting for a position', () => {
  let at: number;
  let proofs: StreamFacts[];
  let failure: Error | undefined;
  let appended$: Subject<void>;
  let waits: PositionWait;
  /** When the wait ended, in ms after its start; undefined = it goes on. */
  const ended = (facts: StreamFacts): { after: number | undefined } => {
    const start = performance.now();
    const result = { after: undefined as number | undefined };
    void waits.reach(facts)?.then(() => (result.after = performance.now() - start));
    return result;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    [at, proofs, failure, appended$] = [5, [], undefined, new Subject()];
    waits = new PositionWait({
      current: () => at,
      appended$,
      prove: (facts) => {
        proofs.push(facts);
        return failure === undefined ? Promise.resolve() : Promise.reject(failure);
      },
    });
  });
  afterEach(() => {
    expect(appended$.observed).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('is not needed once it is reached', () => {
    expect(waits.reach(factsTo(5))).toBeUndefined();
    expect(proofs).toEqual([]);
  });

  it('ends with the message that reaches it, at once', async () => {
    const result = ended(factsTo(7));
    at = 6;
    appended$.next();
    await jest.advanceTimersByTimeAsync(1);
    expect(result.after).toBeUndefined();
    at = 7;
    appended$.next();
    await jest.advanceTimersByTimeAsync(0);
    expect(result.after).toBe(1);
  });

  it('ends soon after the position moved without a message', async () => {
    const facts = factsTo(7);
    const result = ended(facts);
    await jest.advanceTimersByTimeAsync(12);
    expect([result.after, proofs]).toEqual([undefined, [facts]]);
    at = 8;
    await jest.advanceTimersByTimeAsync(100);
    expect(result.after).toBe(20);
  });

  it.each([undefined, new Error('no answer')])(
    'ends after 250 ms in any case (proof: %p)',
    async (error) => {
      failure = error;
      const result = ended(factsTo(7));
      await jest.advanceTimersByTimeAsync(249);
      expect(result.after).toBeUndefined();
      await jest.advanceTimersByTimeAsync(1);
      expect(result.after).toBe(250);
    },
  );

  it('ends with the log', async () => {
    const result = ended(factsTo(7));
    appended$.error(new Error('stopped'));
    await jest.advanceTimersByTimeAsync(0);
    expect(result.after).toBe(0);
  });

  it('is shared by all who wait for the same stream info', async () => {
    const facts = factsTo(7);
    const first = waits.reach(facts);
    expect(waits.reach(facts)).toBe(first);
    expect(waits.reach(factsTo(7))).not.toBe(first);
    expect(proofs).toHaveLength(2);
    at = 7;
    await jest.advanceTimersByTimeAsync(10);
  });
});
