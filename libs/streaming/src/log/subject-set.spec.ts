import fc from 'fast-check';
import { SubjectSet } from './subject-set.js';

describe('a set of subjects', () => {
  let set: SubjectSet;
  beforeEach(() => {
    set = new SubjectSet('shop.', ['b.*', 'a', '>', 'c.d']);
  });

  it('has its literals first, then its patterns, with the prefix', () => {
    const parts = set.all.map(({ name, isPattern, filter }) => [name, isPattern, filter]);
    expect(parts).toEqual([
      ['shop.a', false, 'shop.a'],
      ['shop.c.d', false, 'shop.c.d'],
      ['shop.b.*', true, 'shop.b.*'],
      ['shop.>', true, 'shop.>'],
    ]);
    expect([set.literals, set.patterns]).toEqual([set.all.slice(0, 2), set.all.slice(2)]);
    expect(set.topics).toEqual(['b.*', 'a', '>', 'c.d']);
  });

  it('matches what one of its parts matches', () => {
    const some = new SubjectSet('shop.', ['a', 'b.*']);
    const subjects = ['shop.a', 'shop.b.x', 'shop.b', 'shop.a.x', 'a', 'shop.c'];
    expect(subjects.filter((subject) => some.matches(subject))).toEqual(['shop.a', 'shop.b.x']);
    const [literal, pattern] = some.all;
    expect(subjects.filter((subject) => literal?.matches(subject))).toEqual(['shop.a']);
    expect(subjects.filter((subject) => pattern?.matches(subject))).toEqual(['shop.b.x']);
    expect(new SubjectSet('', ['*']).matches('a')).toBe(true);
    expect(new SubjectSet('', ['a']).all).toHaveLength(1);
  });

  it.each(['', 'shop.', 'shop'])(
    'matches with a tree of many patterns as with each: prefix %j',
    (prefix) => {
      const token = fc.constantFrom('a', 'b', 'shop', 'shopa', 'aa');
      const pattern = fc
        .tuple(
          fc.array(fc.oneof(token, fc.constant('*')), { maxLength: 3 }),
          fc.constantFrom('>', '*', 'a'),
        )
        .map(([tokens, end]) => [...tokens, end].join('.'));
      const subjects = fc
        .array(token, { minLength: 1, maxLength: 4 })
        .map((tokens) => tokens.join('.'));
      fc.assert(
        fc.property(
          fc.array(pattern, { minLength: 1, maxLength: 12 }),
          fc.array(subjects, { maxLength: 20 }),
          (topics, all) => {
            const some = new SubjectSet(prefix, topics);
            const matches = some.matcher();
            for (const subject of [...all, ...all.map((one) => prefix + one), 'shop']) {
              expect([subject, matches(subject)]).toEqual([subject, some.matches(subject)]);
            }
          },
        ),
        { numRuns: 2000 },
      );
    },
  );

  it('asks NATS for more where the prefix ends within a token', () => {
    const [literal, pattern] = new SubjectSet('shop-', ['a', '*']).all;
    expect([literal?.filter, pattern?.name, pattern?.filter]).toEqual(['shop-a', 'shop-*', '*']);
    expect(['shop-a', 'shop'].map((subject) => pattern?.matches(subject))).toEqual([true, false]);
  });
});
