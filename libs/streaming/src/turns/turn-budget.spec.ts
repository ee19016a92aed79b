import { TurnBudget } from './turn-budget.js';

/** A clock that only work advances. */
let nowMs = 0;
let budget: TurnBudget;
beforeEach(() => {
  nowMs = 0;
  budget = new TurnBudget(() => nowMs);
});

const work = (ms: number): void => {
  const began = budget.now();
  nowMs += ms;
  budget.spentSince(began);
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('TurnBudget', () => {
  it('is used up by 10 ms of work, and full again in the next turn', async () => {
    work(6);
    expect(budget.isUsedUp).toBe(false);
    work(4);
    expect(budget.isUsedUp).toBe(true);
    await turn();
    expect(budget.isUsedUp).toBe(false);
  });

  it('does not count short work', () => {
    for (let i = 0; i < 1000; i++) work(0.4);
    expect(budget.isUsedUp).toBe(false);
  });

  it('resumes waiting work in order, as much per turn as the time allows', async () => {
    const done: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      budget.wait(() => {
        done.push(name);
        work(5);
      });
    }
    expect(done).toEqual([]);
    await turn();
    expect(done).toEqual(['a', 'b']);
    budget.wait(() => done.push('late'));
    await turn();
    expect(done).toEqual(['a', 'b', 'c', 'd']);
    await turn();
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'late']);
  });

  it('puts work that waits again at the end', async () => {
    const done: string[] = [];
    const twice = (name: string): void => {
      budget.wait(() => {
        done.push(name);
        work(10);
        if (done.length < 4) twice(name);
      });
    };
    twice('a');
    twice('b');
    for (let i = 0; i < 5; i++) await turn();
    expect(done).toEqual(['a', 'b', 'a', 'b', 'a']);
  });
});
