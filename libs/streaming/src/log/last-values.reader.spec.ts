import type { ReaderOptions, StreamMessage } from '@nuts/nats';
import { readLastValues, type LastValuesRead } from './last-values.reader.js';
import { MemoryStream } from './memory-stream.fixture.js';

describe('reading the newest message of each subject', () => {
  let stream: MemoryStream;
  let taken: string[];
  const opened: ReaderOptions[] = [];
  const pulls: number[] = [];
  const read = (changes: Partial<LastValuesRead> = {}): Promise<unknown> =>
    readLastValues(stream, {
      stream: 'EVENTS',
      filters: ['a.>'],
      headersOnly: false,
      most: 100,
      facts: () => stream.streamFacts('EVENTS'),
      take: ({ sequence, subject }: StreamMessage) => {
        taken.push(`${String(sequence)} ${subject}`);
        return true;
      },
      ...changes,
    });

  beforeEach(() => {
    stream = new MemoryStream();
    [taken, opened.length, pulls.length] = [[], 0, 0];
    const openPull = stream.openPull.bind(stream);
    stream.openPull = async (options) => {
      opened.push(options);
      const reader = await openPull(options);
      return {
        ...reader,
        pull: (batch, maxBytes) => (pulls.push(maxBytes), reader.pull(batch, maxBytes)),
      };
    };
    for (const subject of ['a.x', 'b', 'a.y', 'a.x', 'b']) stream.store(subject);
  });
  afterEach(() => {
    expect(stream.open).toBe(0);
    jest.useRealTimers();
  });

  it('takes one consumer, and ends with the newest of its filters', async () => {
    expect(await read()).toMatchObject({ lastSequence: 5 });
    expect(taken).toEqual(['3 a.y', '4 a.x']);
    expect(opened).toEqual([
      { stream: 'EVENTS', start: { lastPerSubject: true }, filters: ['a.>'], headersOnly: false },
    ]);
    expect(pulls).toEqual([1024 * 1024, 1024 * 1024]);
  });

  it('without payloads, does not bound the bytes of a pull', async () => {
    await read({ headersOnly: true });
    expect([opened[0]?.headersOnly, pulls]).toEqual([true, [0, 0]]);
  });

  it('ends with the newest of several filters, also where one has none', async () => {
    await read({ filters: ['b', 'a.x', 'never'] });
    expect(taken).toEqual(['4 a.x', '5 b']);
    taken = [];
    expect(await read({ filters: ['never'] })).toMatchObject({ lastSequence: 5 });
    expect(taken).toEqual([]);
  });

  it('skips what was stored after the stream info was read', async () => {
    const facts = async (): Promise<Awaited<ReturnType<typeof stream.streamFacts>>> => {
      const read = await stream.streamFacts('EVENTS');
      stream.store('a.x');
      return read;
    };
    expect(await read({ facts })).toMatchObject({ lastSequence: 5 });
    expect(taken).toEqual(['3 a.y', '4 a.x']);
  });

  it('reads nothing where there are too many, and stops where it is told to', async () => {
    expect(await read({ most: 1 })).toBeUndefined();
    expect([taken, pulls]).toEqual([[], []]);
    expect(await read({ most: 2 })).toBeDefined();
    taken = [];
    const take = ({ subject }: StreamMessage): boolean => (taken.push(subject), false);
    expect(await read({ take })).toBeUndefined();
    expect(taken).toEqual(['a.y']);
  });

  it('tries where the server does not count', async () => {
    const openPull = stream.openPull.bind(stream);
    stream.openPull = async (options) => ({ ...(await openPull(options)), pending: undefined });
    expect(await read({ most: 0 })).toBeDefined();
    expect(taken).toHaveLength(2);
  });

  it('waits for a message that the stream holds, and not for one that was removed', async () => {
    jest.useFakeTimers();
    const openPull = stream.openPull.bind(stream);
    let empty = 2;
    stream.openPull = async (options) => {
      const reader = await openPull(options);
      return {
        ...reader,
        pull: (batch, maxBytes) =>
          empty-- > 0 ? Promise.resolve({ messages: [], dry: true }) : reader.pull(batch, maxBytes),
      };
    };
    const reading = read({ filters: ['a.>', 'b'] });
    await jest.advanceTimersByTimeAsync(1000);
    await reading;
    expect(taken).toEqual(['3 a.y', '4 a.x', '5 b']);
  });
});
