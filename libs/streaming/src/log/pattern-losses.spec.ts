import * as fc from 'fast-check';
import { ForgottenSubjects } from './forgotten-subjects.js';
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
