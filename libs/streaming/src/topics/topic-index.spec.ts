import fc from 'fast-check';
import { matchesSubject } from './subject-pattern.js';
import { TopicIndex } from './topic-index.js';
import { topicOfSubject } from './topic-prefix.js';

const EMPTY = { topics: 0, patternNodes: 0 };

function matched<T>(index: TopicIndex<T>, subject: string): T[] {
  return [...index.match(subject)];
}

describe('TopicIndex', () => {
  it('finds the listeners of a literal topic by the full subject', () => {
    const index = new TopicIndex<string>('events.');
    index.add(['orders', 'users'], 'one');
    index.add(['orders'], 'two');
    expect(matched(index, 'events.orders')).toEqual(['one', 'two']);
    expect(matched(index, 'events.users')).toEqual(['one']);
    expect(matched(index, 'orders')).toEqual([]);
    expect(matched(index, 'events.nobody')).toEqual([]);
  });

  it('returns a value once, however many of its topics match', () => {
    const index = new TopicIndex<string>('');
    index.add(['a.b', 'a.*', 'a.>', '>', '*.b'], 'one');
    index.add(['a.*'], 'two');
    expect(matched(index, 'a.b').sort()).toEqual(['one', 'two']);
    expect(matched(index, 'a')).toEqual(['one']);
  });

  it.each([
    ['shop', 'shopping', ['*', '>', 'ping']],
    ['shop', 'shopping.cart', ['>', 'ping.*']],
    ['shop', 'shop', []],
    ['shop', 'shop.cart', []],
    ['x.', 'x.$y', ['*', '>']],
    ['x.', 'y.$y', []],
  ])('with the prefix %s matches %s by %j', (prefix, subject, expected) => {
    const index = new TopicIndex<string>(prefix);
    for (const topic of ['*', '>', 'ping', 'ping.*', '*.nothing']) index.add([topic], topic);
    expect(matched(index, subject).sort()).toEqual([...expected].sort());
  });

  it('treats wildcards in published subjects as plain tokens', () => {
    const index = new TopicIndex<string>('');
    index.add(['a.*'], 'star');
    index.add(['a.>'], 'rest');
    expect(matched(index, 'a.>').sort()).toEqual(['rest', 'star']);
    expect(matched(index, 'a.*').sort()).toEqual(['rest', 'star']);
    expect(matched(index, 'a.>.b')).toEqual(['rest']);
  });

  it('returns the set itself without patterns, so that a message needs no copy', () => {
    const index = new TopicIndex<string>('');
    index.add(['a'], 'one');
    expect(index.match('a')).toBe(index.match('a'));
    index.add(['b.*'], 'two');
    expect(index.match('a')).not.toBe(index.match('a'));
    index.remove(['b.*'], 'two');
    expect(index.match('a')).toBe(index.match('a'));
  });

  it('counts the nodes of its patterns, shared ones once', () => {
    const index = new TopicIndex<string>('');
    index.add(['a.*.c', 'a.*.d', 'x.>'], 'one');
    expect(index.size).toEqual({ topics: 0, patternNodes: 6 });
    index.remove(['a.*', 'a.*.c.d', 'a.*.c'], 'one');
    expect(index.size).toEqual({ topics: 0, patternNodes: 5 });
    index.add(['a.*'], 'two');
    index.remove(['a.*.d'], 'one');
    index.remove(['a.*'], 'nobody');
    expect(index.size).toEqual({ topics: 0, patternNodes: 4 });
    expect(matched(index, 'a.b')).toEqual(['two']);
  });

  it('removes only what was passed, and ignores unknown values', () => {
    const index = new TopicIndex<string>('');
    index.add(['a', 'b.*'], 'one');
    index.add(['a', 'b.*.c'], 'two');
    index.remove(['a', 'b.*', 'never', 'never.*'], 'two');
    expect(matched(index, 'a')).toEqual(['one']);
    expect(matched(index, 'b.x')).toEqual(['one']);
    index.remove(['a', 'b.*'], 'one');
    index.remove(['b.*.c'], 'two');
    expect(index.size).toEqual(EMPTY);
  });

  it('agrees with a linear search, and is empty after all is removed', () => {
    const part = fc.constantFrom('a', 'b', '*');
    const topic = fc
      .tuple(fc.array(part, { maxLength: 2 }), fc.constantFrom('a', 'b', '*', '>'))
      .map(([head, last]) => [...head, last].join('.'));
    const subject = fc
      .array(fc.constantFrom('a', 'b', 'pa', 'p'), { minLength: 1, maxLength: 4 })
      .map((tokens) => tokens.join('.'));
    const listeners = fc.array(fc.array(topic, { minLength: 1, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom('', 'p', 'p.'),
        listeners,
        fc.array(subject),
        (prefix, lists, all) => {
          const index = new TopicIndex<number>(prefix);
          lists.forEach((topics, value) => index.add(topics, value));
          for (const candidate of all) {
            const expected = lists.flatMap((topics, value) =>
              topics.some((one) => matchesSubject(prefix + one, candidate)) ? [value] : [],
            );
            expect(matched(index, candidate).sort()).toEqual(expected);
            if (expected.length > 0) expect(topicOfSubject(prefix, candidate)).toBeDefined();
          }
          lists.forEach((topics, value) => index.remove(topics, value));
          expect(index.size).toEqual(EMPTY);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
