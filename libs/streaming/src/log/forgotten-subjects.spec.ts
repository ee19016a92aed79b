import fc from 'fast-check';
import { ForgottenSubjects } from './forgotten-subjects.js';
import { SubjectSet, type WantedSubject } from './subject-set.js';

const SUBJECTS = ['a.x', 'a.y', 'b.x', 'b.y', 'c'] as const;
const SETS = [['a.*'], ['>'], ['*.x', 'c'], ['a.x'], ['b.>', 'a.y']];

it('says the same of one cursor and of all', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ forget: fc.constantFrom(...SUBJECTS) }),
      fc.record({ settle: fc.constantFrom(...SETS), last: fc.nat(12) }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(steps, fc.nat(12), fc.integer({ min: 1, max: 4 }), (script, cursor, remembered) => {
      const forgotten = new ForgottenSubjects(3, remembered);
      let sequence = 3;
      for (const step of script) {
        if ('forget' in step) forgotten.forget(step.forget, ++sequence);
        else {
          for (const subject of new SubjectSet('', step.settle).all) {
            forgotten.settle(subject, step.last, forgotten.of(subject));
          }
        }
      }
      for (const topics of SETS) {
        const set = new SubjectSet('', topics);
        const lost = set.all.some((subject) => forgotten.of(subject) > cursor);
        expect(forgotten.anyAfter(set, cursor)).toBe(lost);
      }
    }),
  );
});

it('keeps a loss that was merged into the floor when the subject loses an older message later', () => {
  const [a] = new SubjectSet('', ['a']).all as [WantedSubject];
  const forgotten = new ForgottenSubjects(0, 2);
  forgotten.forget('a', 45);
  forgotten.forget('b', 50);
  forgotten.forget('c', 51);
  expect(forgotten.of(a)).toBe(45);
  forgotten.forget('a', 30);
  expect(forgotten.of(a)).toBe(45);
  forgotten.forget('a', 60);
  expect(forgotten.of(a)).toBe(60);
});
