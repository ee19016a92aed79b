import { FrameBatch } from './frame-batch.js';

interface Clock {
  requestAnimationFrame?: (callback: () => void) => number;
  cancelAnimationFrame?: (handle: number) => void;
}

const clock = globalThis as Clock;

describe('FrameBatch', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask'] }));
  afterEach(() => {
    jest.useRealTimers();
    delete clock.requestAnimationFrame;
    delete clock.cancelAnimationFrame;
  });

  it('runs each task once, all in one batch', () => {
    delete clock.requestAnimationFrame;
    const batch = new FrameBatch();
    const [a, b] = [jest.fn(), jest.fn()];
    for (const task of [a, b, a]) batch.add(task);
    expect(jest.getTimerCount()).toBe(1);
    jest.runAllTimers();
    expect([a.mock.calls.length, b.mock.calls.length]).toEqual([1, 1]);
    batch.add(a);
    jest.runAllTimers();
    expect([a.mock.calls.length, b.mock.calls.length]).toEqual([2, 1]);
  });

  it('clears its timer once its tasks were removed', () => {
    const batch = new FrameBatch();
    const task = jest.fn();
    batch.add(task);
    batch.remove(task);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('runs on the animation frame, or on a timer if there is none', () => {
    const frames: (() => void)[] = [];
    const cancelled: number[] = [];
    clock.requestAnimationFrame = (callback) => frames.push(callback);
    clock.cancelAnimationFrame = (handle) => void cancelled.push(handle);
    const batch = new FrameBatch();
    const task = jest.fn();
    batch.add(task);
    frames[0]?.();
    expect(task).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
    batch.add(task);
    jest.advanceTimersByTime(1_000);
    expect(task).toHaveBeenCalledTimes(2);
    expect(cancelled).toEqual([2]);
  });
});
