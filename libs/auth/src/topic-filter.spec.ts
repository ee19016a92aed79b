import fc from 'fast-check';
import { filtersCover, parseTopicFilter, type TopicFilter } from './topic-filter.js';

const parse = (text: string): TopicFilter => {
  const filter = parseTopicFilter(text);
  if (filter === undefined) throw new Error(`no filter: ${text}`);
  return filter;
};

describe('parseTopicFilter', () => {
  it.each([
    'orders.created',
    'orders.*',
    '*.created',
    'tenant-a.>',
    '>',
    '*',
    'a.*.>',
    '$X.a',
    'ä.b',
  ])('takes %s', (text) => expect(parseTopicFilter(text)).toBeDefined());

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '>.a',
    'a.>.b',
    'a*',
    '*a',
    'a>',
    '**',
    '>>',
    'a b',
    'a.\tb',
  ])('refuses %j', (text) => expect(parseTopicFilter(text)).toBeUndefined());

  it.each(['a\r\nb', 'a\u0000', ' a', 'a\u00a0b', 'a\u007f'])(
    'refuses the character in %j',
    (text) => expect(parseTopicFilter(text)).toBeUndefined(),
  );

  it('takes or refuses any text without an error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseTopicFilter(text)));
  });
});

describe('filtersCover', () => {
  it.each([
    ['orders.created', 'orders.created', true],
    ['orders.created', 'orders.created.eu', false],
    ['orders.created', 'Orders.created', false],
    ['orders.*', 'orders.created', true],
    ['orders.*', 'orders', false],
    ['orders.*', 'orders.created.eu', false],
    ['orders.>', 'orders', false],
    ['orders.>', 'orders.created.eu', true],
    ['*', 'a.b.c', true],
    ['>', 'a', true],
    ['*.b', 'a.b', true],
    // Requested wildcards lie within the filter, or are refused.
    ['orders.*', 'orders.*', true],
    ['orders.>', 'orders.*', true],
    ['orders.>', 'orders.>', true],
    ['orders.*', 'orders.>', false],
    ['orders.created', 'orders.*', false],
    ['orders.*.eu', 'orders.>', false],
    ['a.b', '*.b', false],
    ['a.>', '>', false],
    ['a.>', '*', false],
    ['*', '>', true],
    ['>', '*', true],
    // What is no topic is covered by nothing.
    ['>', 'a..b', false],
    ['>', '', false],
  ])('%s covers %s: %s', (filter, requested, expected) => {
    expect(filtersCover([parse(filter)], requested)).toBe(expected);
  });

  it('takes filters together: one token, and more than one, are all', () => {
    expect(filtersCover(['a.*', 'a.*.>'].map(parse), 'a.>')).toBe(true);
    expect(filtersCover(['a.*', 'a.*.*.>'].map(parse), 'a.>')).toBe(false);
  });

  it('covers nothing without a filter', () => {
    expect(filtersCover([], 'a')).toBe(false);
    expect(filtersCover([], '>')).toBe(false);
  });

  it('is a subset, as a naive reference tells that tries every topic', () => {
    // `z` stands for all tokens that no filter names; five tokens are longer than any filter here.
    const topics = enumerate(['a', 'b', 'z'], 5);
    const filter = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 3 }), fc.boolean())
      .map(([tokens, open]) => [...tokens, ...(open ? ['>'] : [])].join('.'))
      .filter((text) => text !== '' && text !== '*');
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 4 }), filter, (filters, requested) => {
        const allowed = filters.map(reference);
        const asked = reference(requested);
        const subset = topics
          .filter((topic) => asked.test(topic))
          .every((topic) => allowed.some((regex) => regex.test(topic)));
        expect(filtersCover(filters.map(parse), requested)).toBe(subset);
      }),
      { numRuns: 1000 },
    );
  });
});

/** A filter as a regular expression: no code in common with what is tested. */
function reference(filter: string): RegExp {
  return new RegExp(
    `^${filter.replaceAll('.', '\\.').replace('>', '.+').replaceAll('*', '[^.]+')}$`,
  );
}

function enumerate(alphabet: readonly string[], length: number): string[] {
  let longest = [''];
  const all: string[] = [];
  for (let i = 0; i < length; i += 1) {
    longest = longest.flatMap((head) => alphabet.map((t) => (head === '' ? t : `${head}.${t}`)));
    all.push(...longest);
  }
  return all;
}
