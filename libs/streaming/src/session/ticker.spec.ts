import { ticker } from './ticker.js';

describe('a ticker', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('has one timer for all listeners, and none without listeners', async () => {
    const tick$ = ticker(100);
    expect(jest.getTimerCount()).toBe(0);
    const heard: string[] = [];
    const first = tick$.subscribe(() => heard.push('first'));
    const second = tick$.subscribe(() => heard.push('second'));
    expect(jest.getTimerCount()).toBe(1);
    await jest.advanceTimersByTimeAsync(100);
    expect(heard).toEqual(['first', 'second']);
    first.unsubscribe();
    await jest.advanceTimersByTimeAsync(100);
    expect(heard).toEqual(['first', 'second', 'second']);
    second.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('starts again for later listeners', async () => {
    const tick$ = ticker(100);
    tick$.subscribe().unsubscribe();
    let heard = 0;
    const listening = tick$.subscribe(() => heard++);
    await jest.advanceTimersByTimeAsync(250);
    expect(heard).toBe(2);
    listening.unsubscribe();
  });

  it('supports listeners that unsubscribe themselves and others during a tick', async () => {
    const tick$ = ticker(100);
    const heard: string[] = [];
    const first = tick$.subscribe(() => {
      heard.push('first');
      first.unsubscribe();
      second.unsubscribe();
    });
    const second = tick$.subscribe(() => heard.push('second'));
    const third = tick$.subscribe(() => heard.push('third'));
    await jest.advanceTimersByTimeAsync(100);
    expect(heard).toEqual(['first', 'third']);
    third.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });
});
