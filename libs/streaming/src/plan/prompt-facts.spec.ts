import type { StreamFacts } from '@nuts/nats';
import { PromptFacts } from './prompt-facts.js';

const FACTS = { lastSequence: 7 } as StreamFacts;

describe('PromptFacts', () => {
  let reads = 0;
  let answer: Promise<StreamFacts>;
  const facts = (): PromptFacts =>
    new PromptFacts(() => {
      reads++;
      return answer;
    });
  beforeEach(() => {
    reads = 0;
    answer = Promise.resolve(FACTS);
  });

  it('reads anew for each who comes alone', async () => {
    const prompt = facts();
    for (let i = 1; i <= 3; i++) {
      expect(await prompt.afterNow()).toBe(FACTS);
      expect(reads).toBe(i);
    }
  });

  it('reads twice for a crowd: for the first, and for all who came meanwhile', async () => {
    const prompt = facts();
    const asked = Array.from({ length: 1000 }, async () => prompt.afterNow());
    expect(new Set(await Promise.all(asked))).toEqual(new Set([FACTS]));
    expect(reads).toBe(2);
    // Who comes behind a crowd goes on with what it found.
    expect(await prompt.afterNow()).toBeUndefined();
    expect(reads).toBe(2);
  });

  it('reads no more than once in 50 ms for a storm that comes one by one', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000);
    try {
      const prompt = facts();
      const found = [];
      for (let i = 0; i < 80; i++) found.push(await prompt.afterNow());
      expect(reads).toBe(50);
      expect(found.slice(50)).toEqual(Array.from({ length: 30 }, () => undefined));
      // The storm goes on: one reading for each hold.
      now.mockReturnValue(1050);
      for (let i = 0; i < 80; i++) await prompt.afterNow();
      expect(reads).toBe(51);
      // It is over, and each client has its own reading again.
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
  ])('takes clients that wait for a crowd from 8 on: %d', async (count, within, after) => {
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

  it('does not take 49 of the period before for a storm, nor 50 of one long ago', async () => {
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

  it('lets a crowd share the reading that is under way', async () => {
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

  it('is no reason to wait for a stream that does not answer, or to fail', async () => {
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
