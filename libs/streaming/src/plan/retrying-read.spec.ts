import { RetryingRead } from './retrying-read.js';
import { withTimeout } from './with-timeout.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const late = new Error('late');

/** Reads that succeed after this many failures; `hang` never resolves. */
class Source {
  reads = 0;
  failures = 0;
  isHanging = false;
  readonly retrying = new RetryingRead(
    () => this.read(),
    (error) => (error as Error).message === 'hopeless',
    () => late,
  );
  message = 'for a moment';

  private read(): Promise<number> {
    this.reads++;
    if (this.isHanging) return new Promise(() => undefined);
    if (this.failures-- > 0) return Promise.reject(new Error(this.message));
    return Promise.resolve(this.reads);
  }
}

describe('RetryingRead', () => {
  let source: Source;
  beforeEach(() => (source = new Source()));

  it('reads once for all requests before the read begins, and again for later ones', async () => {
    const asked = [1, 2, 3].map(() => source.retrying.afterNow());
    expect(await Promise.all(asked)).toEqual([1, 2, 2]);
    expect(await source.retrying.afterNow()).toBe(3);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('repeats a failed read every 50 ms', async () => {
    source.failures = 3;
    const asked = source.retrying.afterNow();
    await jest.advanceTimersByTimeAsync(149);
    expect(source.reads).toBe(3);
    await jest.advanceTimersByTimeAsync(1);
    expect(await asked).toBe(4);
    // No read continues in the background.
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(1000);
    expect(source.reads).toBe(4);
  });

  it('gives up a second after each request', async () => {
    source.failures = Infinity;
    const ends: string[] = [];
    source.retrying.afterNow().catch((error: Error) => ends.push(`first ${error.message}`));
    await jest.advanceTimersByTimeAsync(500);
    source.retrying.afterNow().catch((error: Error) => ends.push(`second ${error.message}`));
    await jest.advanceTimersByTimeAsync(450);
    expect(ends).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(ends).toEqual(['first for a moment']);
    await jest.advanceTimersByTimeAsync(500);
    expect(ends).toEqual(['first for a moment', 'second for a moment']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not repeat a read that cannot succeed', async () => {
    source.failures = Infinity;
    source.message = 'hopeless';
    await expect(source.retrying.afterNow()).rejects.toThrow('hopeless');
    expect(source.reads).toBe(1);
    source.failures = 0;
    expect(await source.retrying.afterNow()).toBe(2);
  });

  it('waits a second at most for an answer', async () => {
    source.isHanging = true;
    const asked = source.retrying.afterNow();
    const failed = expect(asked).rejects.toBe(late);
    await jest.advanceTimersByTimeAsync(999);
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    await failed;
  });

  describe('on a slow link', () => {
    const took = (ms: number): Promise<number> =>
      new Promise((resolve) => setTimeout(resolve, ms, ms));
    const readOf = (ms: () => number): RetryingRead<number> =>
      new RetryingRead(
        () => took(ms()),
        () => false,
        () => late,
      );
    const ask = async (retrying: RetryingRead<number>): Promise<unknown> => {
      const answer = retrying.afterNow().catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(6000);
      return answer;
    };

    it('a read that was too late for one request succeeds for the next', async () => {
      const retrying = readOf(() => 1100);
      expect(await ask(retrying)).toBe(late);
      expect(await ask(retrying)).toBe(1100);
    });

    it('waits for three times the duration of the last read, and 3 s at most', async () => {
      let ms = 5000;
      const retrying = readOf(() => ms);
      expect(await ask(retrying)).toBe(late);
      ms = 2900;
      expect(await ask(retrying)).toBe(2900);
      ms = 5000;
      const asked = retrying.afterNow();
      const failed = expect(asked).rejects.toBe(late);
      await jest.advanceTimersByTimeAsync(3000);
      await failed;
    });

    it('waits longer for the first one too if others took long', async () => {
      const retrying = new RetryingRead(
        () => took(1100),
        () => false,
        () => late,
        () => 1000,
      );
      expect(await ask(retrying)).not.toBe(late);
    });

    it('waits for a second again when reads are fast again', async () => {
      let ms = 1500;
      const retrying = readOf(() => ms);
      await ask(retrying);
      ms = 10;
      await ask(retrying);
      ms = 1100;
      expect(await ask(retrying)).toBe(late);
    });
  });
});

describe('within', () => {
  it('resolves to the result, and leaves no timer', async () => {
    expect(await withTimeout(100, Promise.resolve('done'))).toBe('done');
    expect(await withTimeout(100, Promise.reject(new Error('failed')))).toBeUndefined();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is undefined after its time', async () => {
    const slow = withTimeout(100, new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(100);
    expect(await slow).toBeUndefined();
  });
});
