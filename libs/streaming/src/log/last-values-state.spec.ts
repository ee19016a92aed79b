import { storedMessage } from '../frames/message.fixture.js';
import { LastValues, type LastValuesBounds } from './last-values.js';
import { LogEntry } from './log-entry.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

const NOW_MS = 1_767_268_800_000;
/** What an entry costs besides its payload and subject. */
const OVERHEAD = 256;
const LIMITS = {
  maxMessagesPerSubject: -1,
  maxAgeSeconds: 0,
  appliesMessageTtl: false,
  clockAheadMs: 0,
  firstSequence: 1,
};

const entry = (sequence: number, subject: string, payload = 'x'): LogEntry =>
  new LogEntry(
    storedMessage(payload, { sequence, subject, timeNanos: BigInt(Date.now()) * 1_000_000n }),
  );

describe('the state of last values', () => {
  let values: LastValues;
  let gone: number[][];
  const create = (bounds: Partial<LastValuesBounds> = {}): void => {
    gone = [];
    values = new LastValues({ maxMessages: 100, maxBytes: 1e6, ...bounds }, (entries) =>
      gone.push(entries.map(({ sequence }) => sequence)),
    );
  };
  /** A complete read that found these messages. */
  const fill = (...entries: LogEntry[]): void => {
    values.beginRead();
    for (const one of entries) values.put(one);
    values.endRead(true);
  };
  const isComplete = (topic: string): boolean =>
    values.isCompleteFor(new SubjectSet('', [topic]).all[0] as WantedSubject);
  const held = (): number[] => [...values.entries()].map(({ sequence }) => sequence);

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW_MS });
    create();
  });
  afterEach(() => jest.useRealTimers());

  it('say nothing before everything was read once', () => {
    expect([values.isOff, values.isComplete, values.isOverflown]).toEqual([false, false, false]);
    values.beginRead();
    values.put(entry(1, 'a'));
    expect([isComplete('a'), isComplete('>')]).toEqual([false, false]);
    values.endRead(false);
    expect(isComplete('a')).toBe(false);
    fill(entry(1, 'a'));
    expect([isComplete('a'), isComplete('never'), isComplete('>')]).toEqual([true, true, true]);
    expect([values.isComplete, values.messages, values.get('a')?.sequence]).toEqual([true, 1, 1]);
    expect([...values.subjects()]).toEqual(['a']);
    values.restart();
    expect([isComplete('a'), values.messages, values.bytes]).toEqual([false, 0, 0]);
  });

  it.each([{ maxMessages: 0 }, { maxBytes: 0 }])('are off without room (%j)', (bounds) => {
    create(bounds);
    fill(entry(1, 'a'));
    values.evicted(entry(2, 'b'));
    values.markUncertain('a');
    values.restart();
    fill(entry(1, 'a'));
    expect([values.isOff, values.messages, values.uncertainSubjects.size]).toEqual([true, 0, 0]);
    expect([isComplete('a'), values.isComplete, values.isOverflown]).toEqual([false, false, false]);
  });

  it('are one per subject, with a known size', () => {
    const [one, other] = [entry(1, 'a', 'first'), entry(2, 'a', 'second')];
    fill(one, other, entry(3, 'bc', ''));
    expect([held(), values.messages]).toEqual([[2, 3], 2]);
    expect(values.bytes).toBe(6 + 1 + 2 + 2 * OVERHEAD);
    expect([one.isGone, other.isGone]).toEqual([true, false]);
    values.superseded('a');
    values.superseded('never');
    expect([held(), values.bytes, other.isGone]).toEqual([[3], 2 + OVERHEAD, true]);
    expect(isComplete('a')).toBe(true);
    expect(gone).toEqual([]);
  });

  it.each([
    ['messages', { maxMessages: 2 }],
    ['bytes', { maxBytes: 2 * (OVERHEAD + 2) }],
  ])('are all dropped when there are too many %s, until they are read again', (_what, bounds) => {
    create(bounds);
    const [a, b] = [entry(1, 'a'), entry(2, 'b')];
    fill(a, b);
    expect([values.isComplete, values.messages]).toEqual([true, 2]);
    values.markUncertain('a');
    values.evicted(entry(3, 'c'));
    expect([values.isComplete, values.isOverflown, values.messages]).toEqual([false, true, 0]);
    expect([values.bytes, values.uncertainSubjects.size]).toEqual([0, 0]);
    expect([a.isGone, b.isGone, gone]).toEqual([true, true, []]);
    values.evicted(entry(4, 'd'));
    values.put(entry(5, 'e'));
    values.markUncertain('d');
    values.endRead(true);
    expect([values.messages, values.isComplete, values.uncertainSubjects.size]).toEqual([
      0,
      false,
      0,
    ]);
    fill(entry(4, 'd'));
    expect([values.isComplete, values.isOverflown, held()]).toEqual([true, false, [4]]);
  });

  it('take what the window evicts, with a copy of its payload', () => {
    const chunk = new Uint8Array(100).fill(120);
    const evicted = new LogEntry(
      storedMessage(chunk.subarray(0, 3), { sequence: 5, subject: 'a' }),
    );
    evicted.isGone = true;
    values.evicted(evicted);
    const kept = values.get('a');
    expect(kept?.message).toEqual(evicted.message);
    expect([kept?.isGone, kept?.message.data.buffer.byteLength]).toEqual([false, 3]);
    values.evicted(entry(4, 'a'));
    expect(held()).toEqual([5]);
    values.evicted(entry(6, 'a'));
    expect(held()).toEqual([6]);
  });

  it('do not know a subject that is uncertain, until a read resolves it', () => {
    fill(entry(1, 'o.a'), entry(2, 'o.b'));
    values.markUncertain('o.a');
    const state = (): boolean[] => ['o.a', 'o.b', 'o.*', 'p.*'].map(isComplete);
    expect(state()).toEqual([false, true, false, true]);
    // What the window evicts now may be older than what the stream has.
    values.evicted(entry(3, 'o.a'));
    expect(held()).toEqual([1, 2]);
    expect([...values.beginRead()]).toEqual(['o.a']);
    expect(values.uncertainSubjects.size).toBe(0);
    expect(state()).toEqual([false, true, false, true]);
    values.evicted(entry(3, 'o.a'));
    expect(held()).toEqual([1, 2]);
    values.failRead();
    expect([...values.uncertainSubjects]).toEqual(['o.a']);
    values.beginRead();
    values.markUncertain('o.b');
    values.endRead(false);
    expect(state()).toEqual([true, false, false, true]);
    values.superseded('o.b');
    expect(state()).toEqual([true, true, true, true]);
    values.failRead();
    expect(state()).toEqual([true, true, true, true]);
  });

  it('of a message that left are uncertain where an older one may remain', () => {
    values.adopt({ ...LIMITS, firstSequence: 4 });
    fill(entry(8, 'b'));
    values.left(entry(3, 'a'));
    values.left(entry(7, 'b'));
    expect(values.uncertainSubjects.size).toBe(0);
    values.left(entry(4, 'a'));
    values.left(entry(8, 'b'));
    expect([...values.uncertainSubjects]).toEqual(['a', 'b']);
    values.restart();
    values.adopt({ ...LIMITS, maxMessagesPerSubject: 1 });
    values.left(entry(9, 'a'));
    expect(values.uncertainSubjects.size).toBe(0);
  });

  it('are dropped where the stream does not hold them, and announced', () => {
    const all = [3, 5, 7, 9].map((sequence) => entry(sequence, `s.${String(sequence)}`));
    const replaced = entry(2, 's.3');
    fill(...all);
    values.drop([]);
    expect(gone).toEqual([]);
    values.drop([all[1] as LogEntry, replaced]);
    expect([held(), gone, all[1]?.isGone, values.bytes]).toEqual([
      [3, 7, 9],
      [[5, 2]],
      true,
      3 * (OVERHEAD + 1 + 3),
    ]);
    values.adopt({ ...LIMITS, firstSequence: 3 });
    expect(gone).toHaveLength(1);
    values.adopt({ ...LIMITS, firstSequence: 8 });
    expect([held(), gone[1]]).toEqual([[9], [3, 7]]);
    values.put(entry(8, 's.8'));
    values.put(entry(7, 's.7'));
    expect(held()).toEqual([9, 8]);
    // Older stream info comes late.
    values.adopt({ ...LIMITS, firstSequence: 2 });
    values.put(entry(7, 's.7'));
    expect(held()).toEqual([9, 8]);
    values.adopt({ ...LIMITS, firstSequence: 9 });
    expect(held()).toEqual([9]);
    values.restart();
    fill(entry(7, 's.7'));
    expect(held()).toEqual([7]);
    values.adopt({ ...LIMITS, firstSequence: 8 });
    expect([held(), gone.at(-1)]).toEqual([[], [7]]);
  });

  it('are gone with everything before a message that replaced all', () => {
    const a = entry(3, 'a');
    fill(a);
    values.markUncertain('b');
    values.emptied(5);
    expect([held(), gone, a.isGone, values.bytes]).toEqual([[], [[3]], true, 0]);
    expect([isComplete('b'), values.uncertainSubjects.size]).toEqual([true, 0]);
    values.put(entry(4, 'c'));
    expect(held()).toEqual([]);
    values.put(entry(5, 'c'));
    expect(held()).toEqual([5]);
  });

  it('expire by the rules of the stream, and may hide older ones then', () => {
    values.adopt({ ...LIMITS, maxAgeSeconds: 10, clockAheadMs: undefined });
    fill(entry(3, 'a'));
    jest.advanceTimersByTime(5000);
    values.put(entry(4, 'b'));
    values.expire();
    expect(held()).toEqual([3, 4]);
    jest.advanceTimersByTime(5000);
    values.expire();
    expect([held(), gone, [...values.uncertainSubjects]]).toEqual([[4], [[3]], ['a']]);
    values.restart();
    fill(entry(5, 'c'));
    jest.advanceTimersByTime(5000);
    values.expire();
    expect(gone).toHaveLength(1);
    values.adopt({ ...LIMITS, maxAgeSeconds: 5 });
    values.expire();
    // The clock of the server is known: older ones are gone too.
    expect([held(), gone[1], values.uncertainSubjects.size]).toEqual([[], [5], 0]);
  });
});
