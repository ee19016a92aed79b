import fc from 'fast-check';
import { PullBudget, type PullRequest } from './pull-budget.js';

/** The open pulls of a consumer, served in turn as the server does. */
class Server {
  readonly open: { left: number; bytesLeft: number; pull: PullRequest }[] = [];

  constructor(private readonly budget: PullBudget) {
    this.take(budget.refill());
  }

  /** Sends a message; false if no pull requests it. */
  send(size: number): boolean {
    for (let next = this.open.shift(); next !== undefined; next = this.open.shift()) {
      if (size <= next.bytesLeft) {
        next.bytesLeft -= size;
        next.left -= 1;
        if (next.left > 0 && next.bytesLeft > 0) this.open.push(next);
        this.budget.delivered(size);
        this.take(this.budget.refill());
        return true;
      }
      this.take(this.budget.ended(next.left, next.pull, next.bytesLeft));
      this.take(this.budget.refill());
    }
    return false;
  }

  private take(pull: PullRequest | undefined): void {
    if (pull === undefined) return;
    this.open.push({ left: pull.batch, bytesLeft: pull.maxBytes ?? Infinity, pull });
  }
}

describe('PullBudget', () => {
  it.each([
    [10, { batch: 10, maxBytes: 1000 }],
    [300, { batch: 3, maxBytes: 1000 }],
    [500, { batch: 1, maxBytes: 1000 }],
    [5000, { batch: 1, maxBytes: 1000 }],
  ])('requests as many messages of %d bytes as are certain to fit', (size, next) => {
    const budget = new PullBudget(10, 1000);
    const first = budget.refill();
    expect(first).toEqual({ batch: 10, maxBytes: 1000 });
    budget.delivered(size);
    budget.ended(9, first, 1);
    expect(budget.refill()).toEqual(next);
  });

  it('detects the end of a single pull that is used up to its last byte', () => {
    const budget = new PullBudget(10, 1000);
    budget.refill();
    budget.delivered(400);
    expect(budget.refill()).toBeUndefined();
    budget.delivered(600);
    expect(budget.refill()).toEqual({ batch: 1, maxBytes: 1000 });
  });

  it('requests the rest as soon as half has arrived', () => {
    const budget = new PullBudget(10, 1000);
    expect(budget.refill()).toEqual({ batch: 10, maxBytes: 1000 });
    for (let i = 0; i < 4; i++) {
      budget.delivered(10);
      expect(budget.refill()).toBeUndefined();
    }
    budget.delivered(10);
    expect(budget.refill()).toEqual({ batch: 5, maxBytes: 500 });
  });

  it('requests again what an ended pull did not deliver', () => {
    const budget = new PullBudget(10, 1000);
    const pull = budget.refill();
    for (let i = 0; i < 3; i++) budget.delivered(10);
    expect(budget.ended(7, pull, 100)).toBeUndefined();
    expect(budget.refill()).toEqual({ batch: 10, maxBytes: 1000 });
  });

  it('requests a message that is larger than a whole pull separately', () => {
    const budget = new PullBudget(10, 1000);
    const pull = budget.refill();
    expect(budget.ended(10, pull, 1000)).toEqual({ batch: 1 });
  });

  it('never has more in flight than its limit, and never stops requesting', () => {
    const event = fc.constantFrom('message', 'end');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(event), (size, events) => {
        const budget = new PullBudget(size, size * 100);
        let open = budget.refill()?.batch ?? 0;
        for (const kind of events) {
          if (kind === 'message' && open > 0) {
            open--;
            budget.delivered(10);
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

  it('continues if messages of one size would use pulls up to their last byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12_000 }), (size) => {
        const server = new Server(new PullBudget(20, 10_000));
        for (let i = 0; i < 200; i++) expect(server.send(size)).toBe(true);
      }),
      { examples: [[1000], [500], [2500], [5000], [10_000]] },
    );
  });
});
