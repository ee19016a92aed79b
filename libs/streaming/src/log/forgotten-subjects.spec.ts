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

it('drops the subject whose last loss is the oldest', () => {
  const forgotten = new ForgottenSubjects(0, 2);
  for (const [index, subject] of ['a', 'b', 'a', 'c'].entries())
    forgotten.forget(subject, index + 1);
  const [never] = new SubjectSet('', ['never']).all as [WantedSubject];
  expect(forgotten.of(never)).toBe(2);
});

describe('what a lookup found', () => {
  const wanted = (name: string): WantedSubject =>
    new SubjectSet('', [name]).all[0] as WantedSubject;
  let forgotten: ForgottenSubjects;
  const of = (name: string): number => forgotten.of(wanted(name));
  const settle = (name: string, last: number, before = of(name)): void =>
    forgotten.settle(wanted(name), last, before);

  beforeEach(() => {
    forgotten = new ForgottenSubjects(5, 3);
  });

  it('counts for the subject alone, until it loses a message or everything is lost', () => {
    settle('a', 2);
    expect([of('a'), of('b'), of('>')]).toEqual([2, 5, 5]);
    forgotten.forgetAll(5);
    expect(of('a')).toBe(2);
    forgotten.forget('a', 7);
    expect([of('a'), of('b')]).toEqual([7, 5]);
    settle('a', 2);
    forgotten.forgetAll(8);
    expect([of('a'), of('b'), forgotten.anyAfter(new SubjectSet('', ['c']), 7)]).toEqual([
      8,
      8,
      true,
    ]);
  });

  it('is ignored where more was lost since, and where it is not better', () => {
    const before = of('a');
    forgotten.forget('a', 6);
    settle('a', 2, before);
    expect(of('a')).toBe(6);
    settle('b', 5);
    settle('b', 6);
    expect([of('b'), forgotten.size]).toEqual([5, 1]);
  });

  it('of a pattern counts for it and for what its subjects lost, and for nothing else', () => {
    for (const [index, subject] of ['o.a', 'p', 'o.b'].entries())
      forgotten.forget(subject, 6 + index);
    expect([of('o.*'), of('p'), of('>')]).toEqual([8, 7, 8]);
    settle('o.*', 6);
    expect([of('o.*'), of('o.a'), of('o.b'), of('p')]).toEqual([6, 6, 6, 7]);
    settle('o.*', 3);
    expect([of('o.*'), of('o.a'), of('o.b'), of('p'), of('o.c')]).toEqual([3, 3, 3, 7, 5]);
    settle('o.a', 1);
    settle('>', 2);
    expect([of('>'), of('o.a'), of('o.b'), of('p')]).toEqual([2, 1, 2, 2]);
  });

  it('of a pattern counts until everything is lost, or the floor rises', () => {
    settle('o.*', 2);
    forgotten.forgetAll(9);
    expect(of('o.*')).toBe(9);
    settle('o.*', 2);
    expect(of('o.*')).toBe(2);
    for (const [index, subject] of ['a', 'b', 'c', 'd'].entries())
      forgotten.forget(subject, 10 + index);
    expect([of('o.*'), of('never')]).toEqual([10, 10]);
  });

  it('is remembered for as many patterns as subjects, the latest ones', () => {
    for (const name of ['a.*', 'b.*', 'c.*', 'a.*']) settle(name, 2, 5);
    expect(['a.*', 'b.*', 'c.*'].map(of)).toEqual([2, 2, 2]);
    settle('a.*', 1);
    settle('d.*', 2);
    expect(['a.*', 'b.*', 'c.*', 'd.*'].map(of)).toEqual([1, 5, 2, 2]);
    settle('e.*', 2);
    expect(['a.*', 'b.*', 'c.*', 'd.*', 'e.*'].map(of)).toEqual([1, 5, 5, 2, 2]);
  });

  it('is dropped with everything up to a sequence, so that the record stays small', () => {
    settle('a', 2);
    forgotten.forget('b', 6);
    forgotten.forget('c', 7);
    forgotten.forgetAll(6);
    expect([forgotten.size, of('a'), of('b'), of('c')]).toEqual([1, 6, 6, 7]);
  });
});
