import type { StoredMessage, StreamFacts } from '@nuts/nats';
import { NewestPosition } from './newest-position.js';

const message = (sequence: number): StoredMessage => ({
  subject: 'a',
  sequence,
  timeNanos: BigInt(sequence),
});
const facts = (lastSequence: number): StreamFacts =>
  ({ lastSequence, lastTimeNanos: BigInt(lastSequence) * 10n }) as StreamFacts;

describe('the newest position', () => {
  /** The newest message of the filter; lookups wait while `answers` collects them. */
  let last: number | undefined;
  let delivered: number;
  let lookups: number;
  let answers: (() => void)[] | undefined;
  let newest: NewestPosition;

  const deliver = (sequence: number): boolean => {
    delivered = sequence;
    const isNew = newest.advance(message(sequence));
    if (isNew) newest.reached(message(sequence));
    return isNew;
  };

  beforeEach(() => {
    [last, delivered, lookups, answers] = [undefined, 0, 0, undefined];
    newest = new NewestPosition(
      async () => {
        lookups++;
        const found = last === undefined ? undefined : message(last);
        if (answers !== undefined) await new Promise<void>((resolve) => answers?.push(resolve));
        return found;
      },
      () => delivered,
    );
    newest.begin(0);
  });

  it('is unknown before the first stream', () => {
    const unread = new NewestPosition(
      () => Promise.resolve(undefined),
      () => 0,
    );
    expect([unread.isCaughtUp, unread.current.sequence]).toEqual([false, 0]);
  });

  it('is the end of a stream that holds nothing of the filter', async () => {
    expect(newest.current).toEqual({ sequence: 0, timeNanos: 0n });
    await newest.prove(facts(9));
    expect(newest.current).toEqual({ sequence: 9, timeNanos: 90n });
    expect([newest.isCaughtUp, newest.isBehind]).toEqual([true, false]);
    expect([newest.knownTime(9), newest.knownTime(8)]).toEqual([90n, undefined]);
  });

  it('is proven by the message that the tail still lacked, and not by one before it', async () => {
    last = 7;
    await newest.prove(facts(9));
    expect([newest.current.sequence, newest.isCaughtUp, newest.isBehind]).toEqual([0, false, true]);
    deliver(6);
    expect([newest.current.sequence, newest.isCaughtUp, newest.isBehind]).toEqual([6, false, true]);
    deliver(7);
    expect([newest.current, newest.isCaughtUp]).toEqual([{ sequence: 9, timeNanos: 90n }, true]);
    expect(newest.isBehind).toBe(false);
  });

  it('is proven at once when the tail has delivered that message', async () => {
    deliver(7);
    last = 7;
    await newest.prove(facts(9));
    expect([newest.current.sequence, newest.isCaughtUp, newest.isBehind]).toEqual([9, true, false]);
  });

  it('never goes back, neither to old stream info nor to a message before it', async () => {
    await newest.prove(facts(9));
    expect([deliver(9), deliver(8)]).toEqual([false, false]);
    expect(newest.current).toEqual({ sequence: 9, timeNanos: 90n });
    expect(deliver(10)).toBe(true);
    expect(newest.current).toEqual(message(10));
    last = 11;
    await newest.prove(facts(12));
    deliver(13);
    expect(newest.current).toEqual(message(13));
    expect([newest.isBehind, newest.knownTime(12)]).toEqual([false, undefined]);
  });

  it('takes the exact time of the end where the tail has reached it', async () => {
    deliver(9);
    last = 9;
    await newest.prove(facts(9));
    expect([newest.current, newest.knownTime(9)]).toEqual([{ sequence: 9, timeNanos: 90n }, 90n]);
  });

  it('is looked up only where it is unknown, or the stream has grown', async () => {
    await newest.prove(facts(0));
    expect([lookups, newest.isCaughtUp]).toEqual([1, true]);
    await newest.prove(facts(0));
    expect(lookups).toBe(1);
    await newest.prove(facts(1));
    await newest.prove(facts(1));
    expect([lookups, newest.current.sequence]).toEqual([2, 1]);
  });

  it('of another stream has nothing of its predecessor', async () => {
    last = 7;
    await newest.prove(facts(9));
    newest.begin(3);
    expect([newest.current, newest.isBehind]).toEqual([{ sequence: 3, timeNanos: 0n }, false]);
    deliver(8);
    expect([newest.current.sequence, newest.isCaughtUp]).toEqual([8, false]);
    await newest.prove(facts(9));
    newest.begin(0);
    expect([newest.isCaughtUp, newest.knownTime(9)]).toEqual([false, undefined]);
    // A lookup that was sent before says nothing.
    answers = [];
    const proof = newest.prove(facts(20));
    newest.begin(0);
    answers.forEach((answer) => answer());
    await proof;
    expect([newest.current.sequence, newest.isCaughtUp]).toEqual([0, false]);
  });

  it('is known with its time for the latest 256 positions', async () => {
    for (let end = 1; end <= 257; end++) await newest.prove(facts(end));
    expect([newest.knownTime(1), newest.knownTime(2), newest.knownTime(257)]).toEqual([
      undefined,
      20n,
      2570n,
    ]);
  });
});
