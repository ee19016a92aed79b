import type { PullReader } from '../nats-client.interface.js';
import type { StreamMessage } from '../stream-message.js';
import { RenewingReader, type LimitedReader } from './renewing.reader.js';

describe('RenewingReader', () => {
  let open = 0;
  const opened: number[] = [];
  beforeEach(() => {
    open = 0;
    opened.length = 0;
  });

  /** A reader of the natural numbers after `after`. */
  const numbers = (after: number, goodFor: number): LimitedReader => {
    open += 1;
    opened.push(after);
    let next = after + 1;
    let isOpen = true;
    const reader: PullReader = {
      name: `nuts_${after}`,
      pull: (batch) => {
        const messages = Array.from({ length: batch }, () => ({ sequence: next++ }));
        return Promise.resolve({ messages: messages as StreamMessage[], dry: false });
      },
      close: () => {
        if (isOpen) open -= 1;
        isOpen = false;
        return Promise.resolve();
      },
    };
    return { reader, goodFor };
  };

  it('continues after the last message when the consumer is used up', async () => {
    const reader = new RenewingReader(numbers(10, 5), (after) =>
      Promise.resolve(numbers(after, after < 20 ? 5 : Infinity)),
    );
    const got: number[] = [];
    for (let i = 0; i < 20; i++) {
      got.push(...(await reader.pull(3, 0)).messages.map(({ sequence }) => sequence));
    }
    expect(got).toEqual(Array.from({ length: 60 }, (_, i) => 11 + i));
    expect(opened).toEqual([10, 16, 22]);
    expect(open).toBe(1);
    expect(reader.name).toBe('nuts_22');
    await reader.close();
    expect(open).toBe(0);
  });

  it('leaves nothing open when it is closed while the next consumer is created', async () => {
    let made: ((next: LimitedReader) => void) | undefined;
    const reader = new RenewingReader(
      numbers(0, 1),
      () => new Promise((resolve) => (made = resolve)),
    );
    await reader.pull(1, 0);
    const pulling = reader.pull(1, 0);
    pulling.catch(() => undefined);
    while (made === undefined) await new Promise(setImmediate);
    await reader.close();
    made(numbers(1, Infinity));
    await expect(pulling).rejects.toMatchObject({ kind: 'consumer_lost' });
    expect(open).toBe(0);
  });

  it('reports why there is no next consumer, and tries again', async () => {
    let refusals = 1;
    const reader = new RenewingReader(numbers(0, 1), (after) =>
      refusals-- > 0 ? Promise.reject(new Error('full')) : Promise.resolve(numbers(after, 9)),
    );
    await reader.pull(1, 0);
    await expect(reader.pull(1, 0)).rejects.toThrow('full');
    const { messages } = await reader.pull(1, 0);
    expect(messages).toMatchObject([{ sequence: 2 }]);
    await reader.close();
    expect(open).toBe(0);
  });
});
