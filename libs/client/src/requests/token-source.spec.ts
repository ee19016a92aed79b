import { TokenSource } from './token-source.js';

describe('TokenSource', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('stops waiting for a function that hangs, and calls it again', async () => {
    let asked = 0;
    const tokens = new TokenSource(() =>
      (asked += 1) === 1 ? new Promise<string>(() => undefined) : 'second',
    );
    const failure = expect(tokens.fresh()).rejects.toMatchObject({ kind: 'token' });
    await jest.advanceTimersByTimeAsync(10_000);
    await failure;
    expect(await tokens.known()).toBe('second');
    expect(await tokens.known()).toBe('second');
    expect([asked, jest.getTimerCount()]).toEqual([2, 0]);
  });

  it('has no token without a function', async () => {
    expect(new TokenSource().renews).toBe(false);
    expect(await new TokenSource().known()).toBeUndefined();
  });
});
