import fc from 'fast-check';
import { PullBudget } from './pull-budget.js';

describe('PullBudget', () => {
  it('asks for the rest as soon as half has come', () => {
    const budget = new PullBudget(10, 1000);
    expect(budget.refill()).toEqual({ batch: 10, maxBytes: 1000 });
    for (let i = 0; i < 4; i++) {
      budget.delivered();
      expect(budget.refill()).toBeUndefined();
    }
    budget.delivered();
    expect(budget.refill()).toEqual({ batch: 5, maxBytes: 500 });
  });

  it('asks again for what an ended pull left unfilled', () => {
    const budget = new PullBudget(10, 1000);
    const pull = budget.refill();
    for (let i = 0; i < 3; i++) budget.delivered();
    expect(budget.ended(7, pull, 100)).toBeUndefined();
    expect(budget.refill()).toEqual({ batch: 10, maxBytes: 1000 });
  });

  it('asks alone for a message that is larger than a whole pull', () => {
    const budget = new PullBudget(10, 1000);
    const pull = budget.refill();
    expect(budget.ended(10, pull, 1000)).toEqual({ batch: 1 });
  });

  it('never has more under way than its bound, and never stops asking', () => {
    const event = fc.constantFrom('message', 'end');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(event), (size, events) => {
        const budget = new PullBudget(size, size * 100);
        let open = budget.refill()?.batch ?? 0;
        for (const kind of events) {
          if (kind === 'message' && open > 0) {
            open--;
            budget.delivered();
          } else {
            const unfilled = Math.ceil(open / 2);
            open -= unfilled;
            budget.ended(unfilled, { batch: unfilled, maxBytes: 100 }, 50);
          }
          open += budget.refill()?.batch ?? 0;
          expect(open).toBeGreaterThan(0);
          expect(open).toBeLessThanOrEqual(size);
        }
      }),
    );
  });
});
