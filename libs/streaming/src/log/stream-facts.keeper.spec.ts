import { NatsReadError } from '@nuts/nats';
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
});
