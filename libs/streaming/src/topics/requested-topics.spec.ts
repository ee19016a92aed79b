import fc from 'fast-check';
import { parseTopics } from './requested-topics.js';

const NAMES_ONLY = { allowWildcards: false, maxTopics: 32 };
const WILDCARDS = { allowWildcards: true, maxTopics: 32 };

describe('parseTopics', () => {
  it('keeps the requested order and removes duplicates', () => {
    expect(parseTopics(['b', 'a', 'b'], '', NAMES_ONLY)).toEqual({ topics: ['b', 'a'] });
  });

  it('ignores the path if there is a topic parameter', () => {
    expect(parseTopics(['room-1'], '/messages', NAMES_ONLY)).toEqual({ topics: ['room-1'] });
    expect(parseTopics([''], '/messages', NAMES_ONLY)).toEqual({ error: 'invalid' });
  });

  it.each([
    ['/orders/new', 'orders.new'],
    ['/orders/new/', 'orders.new'],
    ['/orders.new', 'orders.new'],
    ['/orders%2Enew', 'orders.new'],
    ['/%61', 'a'],
    ['//orders', 'orders'],
  ])('reads the path %s as %s', (path, topic) => {
    expect(parseTopics([], path, NAMES_ONLY)).toEqual({ topics: [topic] });
  });

  it('accepts 256 bytes and 32 tokens of a pattern, and no more', () => {
    const tokens = (count: number): string => `${'a.'.repeat(count - 1)}*`;
    expect(parseTopics(['a'.repeat(256), tokens(32)], '', WILDCARDS)).toHaveProperty('topics');
    for (const topic of ['a'.repeat(257), tokens(33)]) {
      expect(parseTopics([topic], '', WILDCARDS)).toEqual({ error: 'invalid' });
    }
    // A literal with many tokens needs no nodes.
    const literal = 'a.'.repeat(40) + 'b';
    expect(parseTopics([literal], '', WILDCARDS)).toEqual({ topics: [literal] });
    expect(parseTopics(['a'.repeat(257)], '', NAMES_ONLY)).toEqual({ error: 'invalid' });
  });

  it('has no limit on topics if the hub has none', () => {
    const topics = Array.from({ length: 100 }, (_, index) => `t${index}`);
    expect(parseTopics(topics, '', { allowWildcards: false, maxTopics: undefined })).toEqual({
      topics,
    });
    expect(parseTopics(topics, '', NAMES_ONLY)).toEqual({ error: 'too_many' });
    expect(parseTopics(topics.slice(0, 32), '', NAMES_ONLY)).toHaveProperty('topics');
  });

  it.each(['', '/', '//'])('finds no topic in the path "%s"', (path) => {
    expect(parseTopics([], path, NAMES_ONLY)).toEqual({ error: 'none' });
  });

  it.each([
    '/a//b',
    '/a%2Fb',
    '/a%2fb',
    '/%zz',
    '/%',
    '/%C3%28',
    '/%00',
    '/a%0Ab',
    '/%2E',
    '/a/%2E%2E/b',
    '/%24SYS',
    '/a%2e/b',
    '/zażółć',
  ])('rejects the path %s', (path) => {
    expect(parseTopics([], path, NAMES_ONLY)).toEqual({ error: 'invalid' });
  });

  it.each([
    '',
    '.',
    '.a',
    'a.',
    'a..b',
    '$SYS',
    'a b',
    'a\n',
    'a*',
    '*',
    '>',
    'a.>',
    'ä',
    'a,b',
    'a/b',
  ])('rejects the topic %j', (topic) => {
    expect(parseTopics(['fine', topic], '', NAMES_ONLY)).toEqual({ error: 'invalid' });
  });

  it('accepts 256 bytes and no more', () => {
    expect(parseTopics(['x'.repeat(256)], '', NAMES_ONLY)).toHaveProperty('topics');
    expect(parseTopics(['x'.repeat(257)], '', NAMES_ONLY)).toEqual({ error: 'invalid' });
    expect(parseTopics([`*.${'x'.repeat(255)}`], '', WILDCARDS)).toEqual({ error: 'invalid' });
  });

  it('counts distinct topics only', () => {
    const limits = { allowWildcards: false, maxTopics: 2 };
    expect(parseTopics(['a', 'b', 'a'], '', limits)).toEqual({ topics: ['a', 'b'] });
    expect(parseTopics(['a', 'b', 'c'], '', limits)).toEqual({ error: 'too_many' });
    const many = Array.from({ length: 1000 }, (_, index) => `t${index}`);
    expect(parseTopics(many, '', { allowWildcards: false })).toEqual({ topics: many });
  });

  it('accepts the keys of a bucket', () => {
    const bucket = { ...NAMES_ONLY, kvBucket: 'flags' };
    for (const key of ['a/b', 'a=b', '/a', '=', 'a/b.c=d', '_a-1']) {
      expect(parseTopics([key], '', bucket)).toEqual({ topics: [key] });
      const isTopic = !/[/=]/.test(key);
      expect('topics' in parseTopics([key], '', NAMES_ONLY)).toBe(isTopic);
    }
    expect(parseTopics([], '/a%2Fb/c', bucket)).toEqual({ topics: ['a/b.c'] });
    expect(parseTopics(['a/b.*'], '', { ...WILDCARDS, kvBucket: 'flags' })).toEqual({
      topics: ['a/b.*'],
    });
    for (const key of ['$a', '.a', 'a.', 'a..b', 'a b', 'a\\b', 'a*', 'ä', 'x'.repeat(257)]) {
      expect(parseTopics([key], '', bucket)).toEqual({ error: 'invalid' });
    }
  });

  it.each(['*', '>', 'a.*', 'a.>', '*.a.*', '*.>'])(
    'accepts the pattern %s if wildcards are allowed',
    (topic) => {
      expect(parseTopics([topic], '', WILDCARDS)).toEqual({ topics: [topic] });
      expect(parseTopics([], `/${topic.replaceAll('.', '/')}`, WILDCARDS)).toEqual({
        topics: [topic],
      });
    },
  );

  it.each(['a*', '*a', '**', '>.a', 'a.>.b', 'a>', '>>', 'a.*.', '.*', '*..a', '$*', '*>'])(
    'rejects the pattern %s',
    (topic) => {
      expect(parseTopics([topic], '', WILDCARDS)).toEqual({ error: 'invalid' });
    },
  );

  it('accepts only the alphabet, whatever a client sends', () => {
    const strange = fc.oneof(fc.string({ unit: 'binary' }), fc.webPath(), fc.string());
    fc.assert(
      fc.property(fc.array(strange), strange, fc.boolean(), (values, path, allowWildcards) => {
        const result = parseTopics(values, path, { allowWildcards });
        if ('topics' in result) {
          for (const topic of result.topics) expect(topic).toMatch(/^[A-Za-z0-9._*>-]{1,256}$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
