import fc from 'fast-check';
import { coversAll, planFilters } from './filter-plan.js';

/** NATS matching, token by token: the reference. */
function matches(filter: string, subject: string): boolean {
  const [f, s] = [filter.split('.'), subject.split('.')];
  const tail = f.indexOf('>');
  if (tail >= 0 ? s.length <= tail : s.length !== f.length) return false;
  return f.every((token, i) => token === '>' || token === '*' || token === s[i]);
}

const token = fc.constantFrom('a', 'b', 'c');
const subject = fc.array(token, { minLength: 1, maxLength: 4 }).map((t) => t.join('.'));
const filter = fc
  .tuple(fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 3 }), fc.boolean(), token)
  .map(([head, tail, last]) => [...head, tail ? '>' : last].join('.'));
const filters = fc.array(filter, { maxLength: 5 });

describe('planFilters', () => {
  it.each([
    [[], true, []],
    [['a.b'], false, ['a.b']],
    [['>'], false, []],
    [['a.b', 'a.b'], false, ['a.b']],
    [['a.*', 'a.b'], false, ['a.*']],
    [['e.a', 'e.b'], true, ['e.a', 'e.b']],
    [['e.a', 'e.b'], false, ['e.>']],
    [['e.x.a', 'e.x.b.c'], false, ['e.x.>']],
    [['e', 'e.a'], false, []],
    [['a.x', 'b.x'], false, []],
    [['a.*', '*.b'], true, []],
    [['e.a.*', 'e.*.b'], true, ['e.>']],
    [['e.>', 'e.a', 'f'], true, ['e.>', 'f']],
    [['a.>', 'a.>', 'b'], true, ['a.>', 'b']],
  ])('%j (several: %s) becomes %j', (wanted, many, expected) => {
    expect(planFilters(wanted, many)).toEqual(expected);
  });

  it('never reads less than requested', () => {
    fc.assert(
      fc.property(filters, subject, fc.boolean(), (wanted, name, many) => {
        fc.pre(wanted.some((one) => matches(one, name)));
        const plan = planFilters(wanted, many);
        return plan.length === 0 || plan.some((one) => matches(one, name));
      }),
    );
  });

  it('never sends overlapping filters, and at most one if several are unsafe', () => {
    fc.assert(
      fc.property(filters, subject, (wanted, name) => {
        const plan = planFilters(wanted, true);
        expect(plan.filter((one) => matches(one, name)).length).toBeLessThanOrEqual(1);
        expect(planFilters(wanted, false).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('plans a thousand literals without blocking the process', () => {
    const wanted = Array.from({ length: 1000 }, (_, i) => `orders.eu.${i}`);
    const began = performance.now();
    expect(planFilters(wanted, true)).toHaveLength(1000);
    expect(performance.now() - began).toBeLessThan(100);
  });
});

describe('coversAll', () => {
  it.each([
    ['e.>', ['e.>'], false, true],
    ['e.>', ['e.a', 'e.b.*'], false, true],
    ['e.>', ['e.a', 'f.a'], false, false],
    ['e.*', ['e.>'], false, false],
    ['e.>', ['e.>'], true, false],
    ['e.>', [], false, false],
  ])('%s of %j (sources %s): %s', (filter, subjects, hasSources, expected) => {
    expect(coversAll(filter, { subjects, hasSources })).toBe(expected);
  });
});
