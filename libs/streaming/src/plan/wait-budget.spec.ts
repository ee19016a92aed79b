import { budgetFor, WaitBudget } from './wait-budget.js';

describe('the wait of a request', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([
    [0, 2000],
    [200, 2000],
    [300, 3000],
    [5000, 8000],
  ])('after a read of %d ms is at most %d ms', (readMs, expected) => {
    expect(budgetFor(readMs)).toBe(expected);
  });

  it('is over when it is used up, once', () => {
    const over = jest.fn();
    new WaitBudget(100).start(over);
    jest.advanceTimersByTime(99);
    expect(over).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1000);
    expect([over.mock.calls.length, jest.getTimerCount()]).toEqual([1, 0]);
  });

  it('is not over again after the end of a turn', () => {
    const over = jest.fn();
    const budget = new WaitBudget(100);
    budget.start(over);
    jest.advanceTimersByTime(1000);
    for (const isWaiting of [true, false]) budget.waiting(isWaiting);
    jest.advanceTimersByTime(1000);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('has one timer while it counts, and none otherwise', () => {
    const budget = new WaitBudget(100);
    budget.start(jest.fn());
    budget.waiting(false);
    expect(jest.getTimerCount()).toBe(1);
    budget.waiting(true);
    expect(jest.getTimerCount()).toBe(0);
    budget.stop();
    budget.waiting(false);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('counts nothing of a turn that is announced twice', () => {
    const over = jest.fn();
    const budget = new WaitBudget(100);
    budget.start(over);
    for (const ms of [30, 500, 500]) {
      jest.advanceTimersByTime(ms);
      budget.waiting(true);
    }
    budget.waiting(false);
    jest.advanceTimersByTime(69);
    expect(over).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('does not count turns, nor what is between two starts', () => {
    const [first, second] = [jest.fn(), jest.fn()];
    const budget = new WaitBudget(100);
    budget.start(first);
    jest.advanceTimersByTime(50);
    budget.waiting(true);
    jest.advanceTimersByTime(1000);
    budget.waiting(false);
    jest.advanceTimersByTime(20);
    budget.stop();
    // Nothing counts now, not even the end of a turn.
    budget.waiting(false);
    jest.advanceTimersByTime(1000);
    budget.start(second);
    jest.advanceTimersByTime(29);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 0]);
    jest.advanceTimersByTime(2);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  });

  it.each<[string, (budget: WaitBudget) => void]>([
    ['an answer', (budget) => budget.stop()],
    ['a turn', (budget) => budget.waiting(true)],
  ])('prefers %s that came in the same turn of the event loop', (_, act) => {
    const over = jest.fn();
    const budget = new WaitBudget(100);
    budget.start(over);
    setTimeout(() => act(budget), 100);
    jest.advanceTimersByTime(1000);
    expect(over).not.toHaveBeenCalled();
  });
});
