import { NatsReadError, type ReaderOptions } from '@nuts/nats';
import { MemoryStream } from './memory-stream.fixture.js';
import { readRetained } from './retained-range.js';

describe('what the stream holds of a range', () => {
  let stream: MemoryStream;
  const opened: ReaderOptions[] = [];
  const read = async (from: number, through: number, filter = 'a.>'): Promise<string[]> => {
    const range = { stream: 'EVENTS', filter, from, through };
    const found = await readRetained(stream, range);
    return found.map(({ sequence, subject }) => `${String(sequence)} ${subject}`);
  };

  beforeEach(() => {
    stream = new MemoryStream();
    opened.length = 0;
    const openPull = stream.openPull.bind(stream);
    stream.openPull = (options) => (opened.push(options), openPull(options));
    for (let i = 1; i <= 10; i++) stream.store(i % 3 === 0 ? 'b' : `a.${String(i)}`);
    stream.remove(({ sequence }) => sequence === 4);
  });

  it('is read by one consumer, without payloads, which is closed', async () => {
    expect(await read(2, 8)).toEqual(['2 a.2', '5 a.5', '7 a.7', '8 a.8']);
    expect(opened).toEqual([
      { stream: 'EVENTS', start: { sequence: 2 }, filters: ['a.>'], headersOnly: true },
    ]);
    expect(stream.open).toBe(0);
    // Nothing at the end of the range.
    expect(await read(1, 6)).toEqual(['1 a.1', '2 a.2', '5 a.5']);
  });

  it('is read without the payload and the headers of its messages', async () => {
    const [first] = await readRetained(stream, {
      stream: 'EVENTS',
      filter: 'b',
      from: 1,
      through: 3,
    });
    expect(first).toEqual({ sequence: 3, subject: 'b', timeNanos: stream.held[2]?.timeNanos });
  });

  it('is empty after the last message, and takes no consumer', async () => {
    stream.remove(({ sequence }) => sequence > 8);
    expect(await read(9, 10)).toEqual([]);
    expect(await read(1, 10, 'never')).toEqual([]);
    expect(opened).toEqual([]);
    expect(await read(8, 10)).toEqual(['8 a.8']);
  });

  it('is looked up one by one where the stream takes no more consumers', async () => {
    stream.refuseConsumers = new NatsReadError('consumer_limit', 'full');
    expect(await read(2, 8)).toEqual(['2 a.2', '5 a.5', '7 a.7', '8 a.8']);
    expect(await read(7, 9)).toEqual(['7 a.7', '8 a.8']);
    expect(await read(8, 100)).toEqual(['8 a.8', '10 a.10']);
    expect(await read(10, 10)).toEqual(['10 a.10']);
  });

  it('is not known where the consumer fails otherwise', async () => {
    stream.refuseConsumers = new NatsReadError('refused', 'not allowed');
    await expect(read(2, 8)).rejects.toBe(stream.refuseConsumers);
    stream.openPull = () => Promise.reject(new Error('another error'));
    await expect(read(2, 8)).rejects.toThrow('another error');
  });

  it('leaves no consumer after a failed pull', async () => {
    const openPull = stream.openPull.bind(stream);
    stream.openPull = async (options) => {
      const reader = await openPull(options);
      const pull = (): Promise<never> => Promise.reject(new NatsReadError('consumer_lost', 'lost'));
      return { ...reader, pull };
    };
    await expect(read(2, 8)).rejects.toThrow('lost');
    expect(stream.open).toBe(0);
  });
});
