import { setImmediate as turn } from 'node:timers/promises';
import { TailProgress } from './tail-progress.js';

describe('the progress of a tail', () => {
  const tail = { at: 0, behind: true, replaced: 0 };
  let progress: TailProgress;
  /** Time passes, and then the event loop turns. */
  const pass = async (ms: number): Promise<number> => {
    jest.advanceTimersByTime(ms);
    await turn();
    await turn();
    return tail.replaced;
  };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    Object.assign(tail, { at: 0, behind: true, replaced: 0 });
    progress = new TailProgress({
      delivered: () => tail.at,
      isBehind: () => tail.behind,
      replace: () => tail.replaced++,
    });
  });
  afterEach(() => jest.useRealTimers());

  it.each([0, 1, 7])('is not quiet when it is asked for the first time, at %p', (at) => {
    tail.at = at;
    expect(progress.isQuiet()).toBe(false);
  });

  it('is quiet when nothing was delivered since it was last asked', () => {
    expect([progress.isQuiet(), progress.isQuiet()]).toEqual([false, true]);
    tail.at = 1;
    expect([progress.isQuiet(), progress.isQuiet()]).toEqual([false, true]);
  });

  it('replaces a tail that delivers nothing for 400 ms although there is more', async () => {
    progress.expect();
    expect([await pass(399), await pass(1), await pass(5000)]).toEqual([0, 1, 1]);
    progress.expect();
    expect(await pass(400)).toBe(2);
  });

  it('keeps a tail that has delivered something, or has everything', async () => {
    progress.expect();
    tail.at = 1;
    expect(await pass(400)).toBe(0);
    progress.expect();
    tail.behind = false;
    expect(await pass(400)).toBe(0);
    progress.expect();
    expect([jest.getTimerCount(), await pass(400)]).toEqual([0, 0]);
  });

  it('keeps a tail whose messages arrived during a long turn', async () => {
    progress.expect();
    setTimeout(() => setImmediate(() => (tail.at = 1)), 399);
    jest.advanceTimersByTime(400);
    expect(await pass(0)).toBe(0);
  });

  it('judges from the first stream info on: later ones do not delay it', async () => {
    progress.expect();
    await pass(200);
    progress.expect();
    expect([jest.getTimerCount(), await pass(200), await pass(1000)]).toEqual([1, 1, 1]);
  });

  it('stops, and may start again', async () => {
    progress.expect();
    progress.stop();
    expect([jest.getTimerCount(), await pass(1000)]).toEqual([0, 0]);
    progress.expect();
    expect(await pass(400)).toBe(1);
  });
});
