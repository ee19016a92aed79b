import type { StreamFacts } from '@nuts/nats';
import { ThrottledFacts } from './throttled-facts.js';

const FACTS = { lastSequence: 7 } as StreamFacts;

describe('ThrottledFacts', () => {
  let reads = 0;
  let answer: Promise<StreamFacts>;
  const facts = (): ThrottledFacts =>
    new ThrottledFacts(() => {
      reads++;
      return answer;
    });
  beforeEach(() => {
    reads = 0;
    answer = Promise.resolve(FACTS);
  });

  it('reads separately for single requests', async () => {
    const prompt = facts();
    for (let i = 1; i <= 3; i++) {
      expect(await prompt.afterNow()).toBe(FACTS);
      expect(reads).toBe(i);
    }
  });

  it('reads twice for concurrent requests: for the first one, and for all others', async () => {
    const prompt = facts();
    const asked = Array.from({ length: 1000 }, async () => prompt.afterNow());
    expect(new Set(await Promise.all(asked))).toEqual(new Set([FACTS]));
    expect(reads).toBe(2);
    // Clients after many others use their result.
    expect(await prompt.afterNow()).toBeUndefined();
    expect(reads).toBe(2);
  });

  it('gives the current read to those behind eight others', async () => {
    const prompt = new ThrottledFacts(() =>
      Promise.resolve({ lastSequence: ++reads } as StreamFacts),
    );
    const asked = Array.from({ length: 10 }, async () => prompt.afterNow());
    const sequences = (await Promise.all(asked)).map((each) => each?.lastSequence);
    expect(sequences).toEqual([1, ...Array<number>(7).fill(2), 1, 1]);
  });

  it('reads at most once in 50 ms for a storm of consecutive requests', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    try {
      const prompt = facts();
      const found = [];
      for (let i = 0; i < 80; i++) found.push(await prompt.afterNow());
      expect(reads).toBe(50);
      expect(found.slice(50)).toEqual(Array.from({ length: 30 }, () => undefined));
      // The storm continues: one read per hold time.
      now.mockReturnValue(1050);
      for (let i = 0; i < 80; i++) await prompt.afterNow();
      expect(reads).toBe(51);
      // It is over, and each client has its own read again.
      now.mockReturnValue(1200);
      for (let i = 0; i < 49; i++) expect(await prompt.afterNow()).toBe(FACTS);
      expect(reads).toBe(100);
    } finally {
      now.mockRestore();
    }
  });

  it.each([
    [7, 10, 11],
    [8, 2, 3],
  ])('delays a read from 8 waiting clients on: %d', async (count, within, after) => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    try {
      const prompt = facts();
      await Promise.all(Array.from({ length: count }, async () => prompt.afterNow()));
      for (let i = 0; i < 7; i++) await prompt.afterNow();
      now.mockReturnValue(1049);
      await prompt.afterNow();
      expect(reads).toBe(within);
      now.mockReturnValue(1050);
      await prompt.afterNow();
      expect(reads).toBe(after);
    } finally {
      now.mockRestore();
    }
  });

  it('does not count 49 requests of the previous period as a storm, nor 50 of an earlier one', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    try {
      const prompt = facts();
      for (let i = 0; i < 49; i++) await prompt.afterNow();
      now.mockReturnValue(1050);
      for (let i = 0; i < 40; i++) expect(await prompt.afterNow()).toBe(FACTS);
      now.mockReturnValue(1200);
      for (let i = 0; i < 49; i++) expect(await prompt.afterNow()).toBe(FACTS);
      expect(reads).toBe(138);
    } finally {
      now.mockRestore();
    }
  });

  it('shares a read in progress between concurrent requests', async () => {
    const prompt = facts();
    let found: ((facts: StreamFacts) => void) | undefined;
    answer = new Promise((resolve) => (found = resolve));
    const first = Array.from({ length: 8 }, async () => prompt.afterNow());
    const crowd = Array.from({ length: 100 }, async () => prompt.afterNow());
    found?.(FACTS);
    expect(new Set(await Promise.all(crowd))).toEqual(new Set([FACTS]));
    expect(reads).toBe(1);
    expect(new Set(await Promise.all(first))).toEqual(new Set([FACTS]));
    expect(reads).toBe(2);
  });

  it('does not wait for a stream that does not answer, and does not fail', async () => {
    const prompt = facts();
    answer = Promise.reject(new Error('away'));
    expect(await prompt.afterNow()).toBeUndefined();
    jest.useFakeTimers();
    answer = new Promise(() => undefined);
    const waiting = prompt.afterNow();
    await jest.advanceTimersByTimeAsync(250);
    expect(await waiting).toBeUndefined();
    jest.useRealTimers();
  });
});
