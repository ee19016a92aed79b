import * as fc from 'fast-check';
import type { StoredMessage } from '@nuts/nats';
import { Recorded } from './newest-range.fixture.js';

const sequences = (messages: readonly StoredMessage[]): number[] =>
  messages.map(({ sequence }) => sequence);

/** A stream with one wanted message among this many others. */
const oneIn = (sparse: number, length: number): Recorded =>
  new Recorded(Array.from({ length }, (_, i) => (i % sparse === 0 ? 'a.x' : 'other')));

describe('the newest messages of some subjects', () => {
  it('are the last ones of the stream that are wanted, in order, however they are spread', async () => {
    const subject = fc.constantFrom('a.x', 'a.y', 'a.z', 'b.x', 'c', undefined);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ subject, times: fc.integer({ min: 1, max: 40 }) }), { maxLength: 20 }),
        fc.constantFrom(['a.*'], ['a.x', 'b.x'], ['b.>', 'a.y', 'c'], ['never']),
        fc.constantFrom<string[]>(['a.x', 'a.y', 'a.z', 'b.x', 'c'], ['a.y', 'b.x'], []),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(200),
        fc.constantFrom(undefined, 1, 10),
        fc.boolean(),
        async (runs, filters, subjects, count, removed, stretch, isWider) => {
          const stream = new Recorded(
            runs.flatMap(({ subject, times }) => Array.from({ length: times }, () => subject)),
          );
          stream.isWider = isWider;
          const first = removed + 1;
          stream.remove((sequence) => sequence < first);
          const isWanted = (one: string): boolean => subjects.includes(one);
          const found = await stream.read({ filters, isWanted, count, first, stretch });
          const due = stream.of(filters).filter((message) => isWanted(message.subject));
          expect(found).toEqual(due.slice(-count));
          expect(stream.open).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('take one consumer where they are dense, and none where there are none', async () => {
    const dense = oneIn(1, 5000);
    expect(sequences(await dense.read({ count: 3 }))).toEqual([4998, 4999, 5000]);
    expect([dense.starts, dense.batches]).toEqual([[6], [1000]]);
    expect(await dense.read({ filters: ['never'] })).toEqual([]);
    expect(await dense.read({ first: 5001 })).toEqual([]);
    expect(dense.starts).toHaveLength(1);
    expect(sequences(await dense.read({ first: 5000, count: 9 }))).toEqual([5000]);
    expect(dense.starts).toEqual([6, 1]);
  });

  it('are found further back by what was counted, with few consumers', async () => {
    const found: Record<string, number[]> = {};
    for (const [sparse, count] of [
      [10, 20],
      [100, 50],
      [3000, 5],
      [7000, 3],
    ] as const) {
      const stream = oneIn(sparse, 20_001);
      const read = sequences(await stream.read({ count }));
      const due = sequences(stream.of(['a.>'])).slice(-count);
      expect(read).toEqual(due);
      found[`${String(count)} of one in ${String(sparse)}`] = stream.starts;
    }
    expect(found).toEqual({
      // Twice the count, then 1.5 times what the found share suggests, at most 16 times as far.
      '20 of one in 10': [40, 300],
      '50 of one in 100': [100, 1600, 7500],
      '5 of one in 3000': [10, 75, 563, 4223, 15_837],
      '3 of one in 7000': [6, 27, 122, 549, 2471, 11_120, 14_001],
    });
  });

  it('begin where the caller knows how sparse they are', async () => {
    const stream = oneIn(100, 20_001);
    await stream.read({ count: 50, stretch: 110 });
    expect(stream.starts).toEqual([5500]);
    await stream.read({ count: 50, stretch: 1e6 });
    expect(stream.starts[1]).toBe(20_001);
    await stream.read({ count: 1, stretch: 0.0001 });
    expect(stream.starts[2]).toBe(1);
    // Up to 1024 surplus messages cost less than another consumer.
    const dense = oneIn(1, 5000);
    await dense.read({ count: 1024, stretch: 2 });
    expect(dense.starts).toEqual([2048]);
    await dense.read({ count: 50, stretch: 50 });
    expect(dense.starts.slice(1)).toEqual([2500, 306]);
  });

  it('are narrowed down where many more are counted than wanted', async () => {
    // Dense at first, then one in 1000.
    const stream = new Recorded(
      Array.from({ length: 50_000 }, (_, i) => (i < 40_000 || i % 1000 === 0 ? 'a.x' : 'other')),
    );
    const starts: number[][] = [];
    for (const count of [9, 20, 2000]) {
      stream.starts.length = 0;
      stream.pulled = 0;
      expect(sequences(await stream.read({ count }))).toEqual(
        sequences(stream.of(['a.>'])).slice(-count),
      );
      starts.push([...stream.starts]);
      expect(stream.pulled).toBeLessThan(count + 2100);
      // Nothing is asked for between full batches.
      expect(stream.lookups.splice(0)).toEqual(['a.>']);
    }
    expect(starts).toEqual([
      [18, 243, 3281, 11_074, 4260, 5113, 11_074],
      [40, 640, 10_240, 2756, 4396, 5670, 10_240],
      [4000, 49_001, 6534, 8922, 11_174],
    ]);
  });

  it('are looked for further back where those that were counted are not wanted', async () => {
    const stream = new Recorded(
      Array.from({ length: 20_000 }, (_, i) => (i < 18_000 && i % 10 === 0 ? 'a.y' : 'a.x')),
    );
    const isWanted = (subject: string): boolean => subject === 'a.y';
    expect(sequences(await stream.read({ count: 2, isWanted }))).toEqual([17_981, 17_991]);
    expect(stream.starts).toEqual([4, 32, 256, 2048, 482, 3856, 3856]);
    expect(stream.open).toBe(0);
  });

  describe('with a consumer that delivers late', () => {
    let stream: Recorded;
    const read = async (): Promise<number[] | Error> => {
      const reading = stream.read({ count: 3 }).then(sequences, (error: Error) => error);
      await jest.advanceTimersByTimeAsync(5000);
      return reading;
    };

    beforeEach(() => {
      jest.useFakeTimers();
      stream = oneIn(1, 6);
    });
    afterEach(() => jest.useRealTimers());

    it.each([1, 40])('are pulled again %p times', async (dryPulls) => {
      stream.dryPulls = dryPulls;
      expect(await read()).toEqual([4, 5, 6]);
      expect([stream.batches.length, stream.open]).toEqual([dryPulls + 1, 0]);
    });

    it('are awaited where one of several filters has none', async () => {
      stream.dryPulls = 1;
      const reading = stream.read({ count: 3, filters: ['a.>', 'never'] });
      await jest.advanceTimersByTimeAsync(1000);
      expect(sequences(await reading)).toEqual([4, 5, 6]);
    });

    it('fail after a second', async () => {
      stream.dryPulls = 41;
      expect(await read()).toMatchObject({ kind: 'timeout' });
      expect([stream.batches.length, stream.open]).toEqual([41, 0]);
      expect(((await read()) as Error).message).toContain('EVENTS');
    });

    it('are complete where the rest was removed meanwhile', async () => {
      stream.dryPulls = 1;
      stream.onDry = () => stream.remove(() => true);
      expect(await read()).toEqual([]);
      expect(stream.batches).toHaveLength(1);
    });

    it('are pulled once every 25 ms', async () => {
      const times: number[] = [];
      stream.dryPulls = 2;
      stream.onDry = () => times.push(performance.now());
      await read();
      expect((times[1] as number) - (times[0] as number)).toBe(25);
    });
  });

  it('of several filters are read one by one where the server reads more for them', async () => {
    const stream = new Recorded(['a.x', 'c', 'b.x', 'a.y', 'c', 'b.x']);
    stream.isWider = true;
    const found = await stream.read({ filters: ['a.*', 'b.x'], count: 3 });
    expect(sequences(found)).toEqual([3, 4, 6]);
    expect(stream.open).toBe(0);
    const failure = new Error('lost');
    stream.openPull = () => Promise.reject(failure);
    await expect(stream.read({ filters: ['a.*', 'b.x'] })).rejects.toBe(failure);
  });

  it('of one filter cannot be read where the server counts more for it', async () => {
    const stream = oneIn(1, 3);
    const openPull = stream.openPull.bind(stream);
    stream.openPull = async (options) => ({ ...(await openPull(options)), pending: undefined });
    await expect(stream.read({})).rejects.toThrow(Error);
  });
});
