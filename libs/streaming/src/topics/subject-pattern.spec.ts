import fc from 'fast-check';
import {
  hasWildcard,
  matchesSubject,
  natsFilter,
  patternCovers,
  patternsOverlap,
  streamHolds,
} from './subject-pattern.js';

/** All subjects of one to four tokens from a small alphabet: a pattern is defined by what it matches. */
const TOKENS = ['a', 'ab', 'b', 'abb'];
const SUBJECTS = [1, 2, 3, 4].flatMap(allOfLength);

function allOfLength(length: number): string[] {
  if (length === 1) return TOKENS;
  return allOfLength(length - 1).flatMap((head) => TOKENS.map((token) => `${head}.${token}`));
}

/** The reference implementation as a regular expression. */
function reference(pattern: string): RegExp {
  const source = pattern
    .split('.')
    .map((token) => token.replace('*', '[^.]+').replace('>', '[^.]+(\\.[^.]+)*'))
    .join('\\.');
  return new RegExp(`^${source}$`);
}

const token = fc.constantFrom('a', 'ab', 'b', '*', 'a*');
const pattern = fc
  .tuple(fc.array(token, { maxLength: 2 }), fc.constantFrom('a', 'ab', '*', '>', 'a>', 'ab*'))
  .map(([head, last]) => [...head, last].join('.'));

describe('subject patterns', () => {
  it('match as in NATS, and by the stem of a prefix without a dot', () => {
    fc.assert(
      fc.property(pattern, (candidate) => {
        const expected = SUBJECTS.filter((subject) => reference(candidate).test(subject));
        expect(SUBJECTS.filter((subject) => matchesSubject(candidate, subject))).toEqual(expected);
      }),
    );
  });

  it('cover when every subject of the narrow one is among those of the wide one', () => {
    fc.assert(
      fc.property(pattern, pattern, (wide, narrow) => {
        const covered = SUBJECTS.filter((subject) => matchesSubject(narrow, subject)).every(
          (subject) => matchesSubject(wide, subject),
        );
        // In so small an alphabet `a*` may match all of `ab*` by chance, never the other way round.
        if (patternCovers(wide, narrow)) expect(covered).toBe(true);
        if (!covered) expect(patternCovers(wide, narrow)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('overlap exactly if a subject matches both', () => {
    fc.assert(
      fc.property(pattern, pattern, (left, right) => {
        const common = SUBJECTS.some(
          (subject) => matchesSubject(left, subject) && matchesSubject(right, subject),
        );
        expect(patternsOverlap(left, right)).toBe(common);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['>', 'a.b', true],
    ['>', '>', true],
    ['a.>', 'a', false],
    ['a.>', 'a.*.b', true],
    ['a.>', 'a.>', true],
    ['a.*', 'a.>', false],
    ['a.*', 'a.*', true],
    ['*', '>', false],
    ['*.>', '>', false],
    ['>', '*', true],
    ['a', '*', false],
    ['a*', 'ab>', false],
    ['a>', 'ab*.c', true],
  ])('%s covers %s: %s', (filter, narrow, expected) => {
    expect(patternCovers(filter, narrow)).toBe(expected);
  });

  it.each([
    ['a.b', 'a.b'],
    ['a.*', 'a.*'],
    ['>', '>'],
    ['shop*', '*'],
    ['shop>', '>'],
    ['x.shop*.new', 'x.*.new'],
    ['x.shop>', 'x.>'],
    ['x.y.*.z.>', 'x.y.*.z.>'],
  ])('become the NATS filters for %s: %s', (full, filter) => {
    expect(natsFilter(full)).toBe(filter);
  });

  it('never request less from NATS than they match', () => {
    fc.assert(
      fc.property(pattern, (candidate) => {
        const filter = natsFilter(candidate);
        expect(patternCovers(filter, candidate)).toBe(true);
        expect(filter.split('.').every((part) => part.length === 1 || !hasWildcard(part))).toBe(
          true,
        );
      }),
    );
  });

  it('are checked against the subjects that a stream can hold', () => {
    const stream = ['orders.>', 'chat.*'];
    expect(streamHolds(stream, 'orders.new.eu')).toBe(true);
    expect(streamHolds(stream, 'chat.room.1')).toBe(false);
    expect(streamHolds(stream, '>')).toBe(true);
    expect(streamHolds(stream, '*.*')).toBe(true);
    expect(streamHolds(stream, 'users.*')).toBe(false);
    expect(streamHolds([], '>')).toBe(false);
  });
});
