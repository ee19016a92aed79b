import * as fc from 'fast-check';
import { ForgottenSubjects } from './forgotten-subjects.js';
import { PatternLosses } from './pattern-losses.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

const pattern = (name: string): WantedSubject => new SubjectSet('', [name]).all[0] as WantedSubject;

describe('what patterns may have lost', () => {
  it('is never lower than what their subjects lost', () => {
    const subject = fc
      .tuple(fc.constantFrom('a', 'b'), fc.nat(9))
      .map(([kind, n]) => `${kind}.${String(n)}`);
    const step = fc.oneof(
      fc.record({ forget: subject }),
      fc.record({ ask: fc.constantFrom('a.*', '*.3', '>', 'b.>') }),
      fc.record({ settle: fc.constantFrom('a.*', '*.3', 'a.1', 'b.2') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const forgotten = new ForgottenSubjects(0, 8);
        const lost = new Map<string, number>();
        for (const [index, { forget, ask, settle }] of (
          steps as Partial<Record<'forget' | 'ask' | 'settle', string>>[]
        ).entries()) {
          const sequence = index + 1;
          if (forget !== undefined) {
            forgotten.forget(forget, sequence);
            lost.set(forget, sequence);
          } else if (ask !== undefined) {
            const asked = pattern(ask);
            const least = [...lost].filter(([name]) => asked.matches(name)).map(([, at]) => at);
            expect(forgotten.of(asked)).toBeGreaterThanOrEqual(Math.max(0, ...least));
          } else if (settle !== undefined) {
            // Nothing of it is left in the stream.
            const settled = pattern(settle);
            forgotten.settle(settled, 0, forgotten.of(settled));
            for (const name of lost.keys()) if (settled.matches(name)) lost.delete(name);
            expect(forgotten.of(settled)).toBe(0);
          }
        }
      }),
    );
  });

  it('costs a search once, and little afterwards', () => {
    const forgotten = new ForgottenSubjects(0, 16_384);
    for (let i = 0; i < 16_384; i++) forgotten.forget(`dev.${String(i)}.u${String(i % 50)}`, i + 1);
    const patterns = Array.from({ length: 32 }, (_, i) => pattern(`dev.*.u${String(i)}`));
    const ask = (): number => {
      const began = performance.now();
      for (const each of patterns) forgotten.of(each);
      return performance.now() - began;
    };
    const first = ask();
    let again = 0;
    for (let i = 0; i < 20; i++) again += ask() / 20;
    expect(again).toBeLessThan(first / 10);
  });
});

describe('the cache of what patterns lost', () => {
  let highest: number;
  let searched: string[];
  let losses: PatternLosses;
  const of = (name: string): number => losses.of(pattern(name));

  beforeEach(() => {
    [highest, searched] = [3, []];
    losses = new PatternLosses(({ name }) => (searched.push(name), highest));
    losses.add('a.1', 1);
  });

  it('knows later losses without a search', () => {
    expect([of('a.*'), of('b.*')]).toEqual([3, 3]);
    losses.add('a.1', 5);
    losses.add('b.1', 6);
    losses.add('a.2', 4);
    losses.add('a.1', 2);
    expect([of('a.*'), of('b.*'), of('a.*')]).toEqual([5, 6, 5]);
    losses.add('b.1', 9);
    expect([of('a.*'), of('b.*'), of('b.*')]).toEqual([5, 9, 9]);
    expect(searched).toEqual(['a.*', 'b.*']);
  });

  it('searches again after 2048 losses, and after it was told to', () => {
    of('a.*');
    for (let i = 1; i <= 2048; i++) losses.add('a.1', 10 + i);
    highest = 5000;
    expect([of('a.*'), searched.length]).toEqual([2058, 1]);
    for (let i = 1; i <= 2049; i++) losses.add('a.1', 3000 + i);
    expect([of('a.*'), searched.length]).toEqual([5000, 2]);
    highest = 1;
    losses.forget(pattern('a.*'));
    expect([of('a.*'), searched.length]).toEqual([1, 3]);
  });

  it('remembers 8192 patterns, the latest ones', () => {
    for (let i = 0; i < 8192; i++) of(`${String(i)}.*`);
    losses.forget(pattern('1.*'));
    of('1.*');
    of('0.*');
    expect(searched).toHaveLength(8193);
    of('8192.*');
    of('2.*');
    expect(searched).toHaveLength(8194);
    of('0.*');
    expect(searched).toHaveLength(8195);
    of('1.*');
    expect(searched).toHaveLength(8195);
    of('2.*');
    expect(searched).toHaveLength(8196);
  });
});
