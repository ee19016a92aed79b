import { NatsReadError, type StreamFacts } from '@nuts/nats';
import { MemoryStream } from './memory-stream.fixture.js';
import { StreamFactsKeeper } from './stream-facts.keeper.js';

describe('StreamFactsKeeper', () => {
  it('answers requests at once while nobody answers, and again after a reading that succeeds', async () => {
    const stream = new MemoryStream();
    const keeper = new StreamFactsKeeper(stream, 'EVENTS');
    keeper.adopt(await keeper.refresh());
    const read = stream.streamFacts.bind(stream);
    const silence = new NatsReadError('timeout', 'no answer');
    stream.streamFacts = () => Promise.reject(silence);
    await expect(keeper.afterNow()).rejects.toBe(silence);
    let asked = 0;
    stream.streamFacts = (name) => {
      asked += 1;
      return read(name);
    };
    await expect(keeper.afterNow()).rejects.toBe(silence);
    expect(asked).toBe(0);
    await keeper.refresh();
    expect(keeper.trouble).toBeUndefined();
    await keeper.afterNow();
    expect(asked).toBe(2);
  });

  it('does not adopt another stream by itself', async () => {
    const stream = new MemoryStream();
    const keeper = new StreamFactsKeeper(stream, 'EVENTS');
    const first = await keeper.refresh();
    keeper.adopt(first);
    stream.recreate();
    const second = await keeper.afterNow();
    expect([keeper.facts, keeper.isCurrent(second)]).toEqual([first, false]);
  });

  it('wraps any other error, which is forgotten with the next reading and the next stream', async () => {
    const stream = new MemoryStream();
    const keeper = new StreamFactsKeeper(stream, 'EVENTS');
    const read = stream.streamFacts.bind(stream);
    const cause = new Error('broken');
    stream.streamFacts = () => Promise.reject(cause);
    await expect(keeper.refresh()).rejects.toMatchObject({ kind: 'refused', cause });
    expect(keeper.trouble?.message).toContain('broken');
    // Only a request without a response spares the next one.
    stream.streamFacts = read;
    const facts = await keeper.afterNow();
    expect([keeper.trouble, keeper.facts]).toEqual([undefined, undefined]);
    stream.streamFacts = () => Promise.reject(cause);
    await expect(keeper.refresh()).rejects.toThrow();
    keeper.adopt(facts);
    expect([keeper.trouble, keeper.facts]).toEqual([undefined, facts]);
  });

  it('tells what it read of the adopted stream, and not of another one', async () => {
    const stream = new MemoryStream();
    const told: StreamFacts[] = [];
    const keeper = new StreamFactsKeeper(stream, 'EVENTS', (facts) => told.push(facts));
    const first = await keeper.refresh();
    expect([told, keeper.isCurrent(first)]).toEqual([[], false]);
    keeper.adopt(first);
    const second = await keeper.refresh();
    expect([told, keeper.facts === second]).toEqual([[second], true]);
    stream.recreate();
    const other = await keeper.refresh();
    expect([told.length, keeper.facts === second, keeper.isCurrent(other)]).toEqual([
      1,
      true,
      false,
    ]);
  });

  it('knows how long the last successful request took', async () => {
    jest.useFakeTimers();
    const stream = new MemoryStream();
    const keeper = new StreamFactsKeeper(stream, 'EVENTS');
    expect(keeper.readMs).toBe(0);
    const read = stream.streamFacts.bind(stream);
    stream.streamFacts = (name) => (jest.advanceTimersByTime(40), read(name));
    await keeper.refresh();
    stream.streamFacts = () => (
      jest.advanceTimersByTime(9000),
      Promise.reject(new Error('broken'))
    );
    await expect(keeper.refresh()).rejects.toThrow('broken');
    expect(keeper.readMs).toBe(40);
    jest.useRealTimers();
  });

  it('lacks the first message of a mirror that was removed before it was seen', async () => {
    const stream = new MemoryStream();
    const keeper = new StreamFactsKeeper(stream, 'EVENTS');
    stream.limits = { hasSources: true, messages: 0, lastSequence: 0, firstSequence: 1 };
    keeper.adopt(await keeper.refresh());
    stream.limits = { hasSources: true, messages: 0, lastSequence: 100, firstSequence: 101 };
    expect(keeper.retainedFrom(await keeper.refresh())).toBe(101);
  });

  it.each([
    ['a mirror that was empty', true, true, 100, 1],
    ['a mirror that held messages', true, false, 100, 100],
    ['a stream without sources', false, true, 100, 100],
  ])(
    'is retained from %s at its first message',
    async (_what, hasSources, isEmpty, firstSequence, expected) => {
      const stream = new MemoryStream();
      const keeper = new StreamFactsKeeper(stream, 'EVENTS');
      stream.limits = {
        hasSources,
        messages: 0,
        lastSequence: isEmpty ? 0 : 99,
        firstSequence: isEmpty ? 1 : 100,
      };
      keeper.adopt(await keeper.refresh());
      // Still nothing: it proves nothing.
      expect(keeper.retainedFrom(await keeper.refresh())).toBe(isEmpty ? 1 : 100);
      stream.limits = { hasSources, messages: 3, lastSequence: 102, firstSequence };
      expect(keeper.retainedFrom(await keeper.refresh())).toBe(expected);
      stream.limits = { hasSources, messages: 2, lastSequence: 103, firstSequence: 101 };
      expect(keeper.retainedFrom(await keeper.refresh())).toBe(101);
      // A later state with the first sequence as before is of another store.
      const later = { ...(await keeper.refresh()), firstSequence };
      keeper.adopt(later);
      expect(keeper.retainedFrom(later)).toBe(firstSequence);
    },
  );
});
