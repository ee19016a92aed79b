import type { PullReader, StreamMessage } from '@nuts/nats';
import { storedMessage } from '../frames/message.fixture.js';
import { readThrough, type BoundedRead } from './read-through.js';

/** A consumer that answers each pull with the next of these batches, then with nothing. */
class ScriptedReader implements PullReader {
  readonly name = 'nuts_scripted';
  readonly pulls: { readonly batch: number; readonly maxBytes: number; readonly at: number }[] = [];

  constructor(private readonly batches: readonly (readonly number[])[]) {}

  pull(batch: number, maxBytes: number): ReturnType<PullReader['pull']> {
    const sequences = this.batches[this.pulls.length] ?? [];
    this.pulls.push({ batch, maxBytes, at: Date.now() });
    const messages = sequences.map((sequence) => storedMessage('x', { sequence }));
    return Promise.resolve({ messages, dry: messages.length < batch });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('reading a consumer through a sequence', () => {
  let taken: number[];
  const take = ({ sequence }: StreamMessage): boolean => (taken.push(sequence), true);
  const read = async (
    batches: readonly (readonly number[])[],
    more: Partial<BoundedRead> = {},
  ): Promise<{ result: boolean | Error; reader: ScriptedReader }> => {
    const reader = new ScriptedReader(batches);
    const end = { through: 5, last: () => Promise.resolve(5), take, ...more };
    const reading = readThrough(reader, end).catch((error: Error) => error);
    await jest.advanceTimersByTimeAsync(5000);
    return { result: await reading, reader };
  };

  beforeEach(() => {
    jest.useFakeTimers();
    taken = [];
  });
  afterEach(() => jest.useRealTimers());

  it('ends with the message at the sequence, or the first one after it', async () => {
    for (const batches of [
      [[1, 2], [3, 5], [6]],
      [[1, 2], [3, 6, 7], [8]],
    ]) {
      taken = [];
      const { result, reader } = await read(batches);
      expect(result).toBe(true);
      expect(taken).toEqual(batches.slice(0, 2).flat());
      expect(reader.pulls.map(({ batch, maxBytes }) => [batch, maxBytes])).toEqual([
        [1000, 0],
        [1000, 0],
      ]);
    }
  });

  it('passes a limit of bytes on, and asks nothing for an empty range', async () => {
    expect((await read([[5]], { maxBytes: 7 })).reader.pulls[0]?.maxBytes).toBe(7);
    const { result, reader } = await read([], { through: 0 });
    expect([result, reader.pulls]).toEqual([true, []]);
  });

  it('ends where it is told to', async () => {
    const stop = (message: StreamMessage): boolean => take(message) && message.sequence < 2;
    const { result, reader } = await read([[1, 2, 3], [5]], { take: stop });
    expect([result, taken, reader.pulls.length]).toEqual([false, [1, 2], 1]);
  });

  it('pulls again, after a pause, while the stream holds more than it got', async () => {
    const { result, reader } = await read([[1, 2], [], [], [3], [], [5]]);
    expect([result, taken]).toEqual([true, [1, 2, 3, 5]]);
    const [first] = reader.pulls;
    expect(reader.pulls.map(({ at }) => at - (first?.at ?? 0))).toEqual([0, 0, 25, 50, 50, 75]);
  });

  it('ends where the rest was removed', async () => {
    const lasts = [4, 3];
    const { result, reader } = await read([[1, 3], [], []], {
      last: () => Promise.resolve(lasts.shift() ?? 0),
    });
    expect([result, taken, reader.pulls.length]).toEqual([true, [1, 3], 3]);
  });

  it('fails after a second without what the stream holds', async () => {
    const { result, reader } = await read([[1]]);
    expect(result).toMatchObject({ kind: 'timeout' });
    expect((result as Error).message).toContain('nuts_scripted');
    expect(reader.pulls).toHaveLength(41);
  });
});
