import fc from 'fast-check';
import { patternsOverlap } from '../topics/subject-pattern.js';
import { PresenceCount, type PresentStream } from './count-presence.js';
import type { TopicPresence } from './presence.interface.js';
import { MAX_CLIENTS, MAX_SUBJECT_BYTES } from './tally.js';

function countPresence(
  streams: readonly PresentStream[],
  topics: readonly string[],
): Map<string, TopicPresence> {
  const count = new PresenceCount([['x', ...topics.slice(1)], topics]);
  for (const stream of streams) count.add(stream);
  return count.answer(1);
}

it('counts a stream once per topic, with its client', () => {
  const streams = [
    { topics: ['a', 'b'], subject: 'ann' },
    { topics: ['a'], subject: 'ann' },
    { topics: ['a'], subject: undefined },
    { topics: ['room.*', 'room.1'], subject: 'bob' },
  ];
  expect(Object.fromEntries(countPresence(streams, ['a', 'b', 'c', 'room.1', 'room.>']))).toEqual({
    a: { streams: 3, clients: [{ subject: 'ann', streams: 2 }] },
    b: { streams: 1, clients: [{ subject: 'ann', streams: 1 }] },
    c: { streams: 0, clients: [] },
    'room.1': { streams: 1, clients: [{ subject: 'bob', streams: 1 }] },
    'room.>': { streams: 1, clients: [{ subject: 'bob', streams: 1 }] },
  });
});

it('counts the same as a full search', () => {
  const topic = fc.constantFrom(
    ...[
      'a',
      'a.b',
      'a.c',
      'a.*',
      'a.>',
      '*',
      'b.c',
      '>',
      '*.b',
      '*.*',
      '*.>',
      'a.*.b',
      'a.b.b',
      'a.b.*',
    ],
  );
  const topics = fc.uniqueArray(topic, { minLength: 1 });
  fc.assert(
    fc.property(fc.array(topics), topics, (listening, asked) => {
      const streams = listening.map((own) => ({ topics: own, subject: undefined }));
      const found = countPresence(streams, asked);
      for (const one of asked) {
        const expected = listening.filter((own) =>
          own.some((other) => patternsOverlap(one, other)),
        );
        expect(found.get(one)?.streams).toBe(expected.length);
      }
    }),
  );
});

it('lists a limited number of clients, and indicates that there are more', () => {
  const crowd = Array.from({ length: MAX_CLIENTS + 5 }, (_, i) => ({
    topics: ['a'],
    subject: `user-${i}`,
  }));
  const presence = countPresence([...crowd, ...crowd], ['a']).get('a');
  expect(presence).toMatchObject({ streams: 2 * MAX_CLIENTS + 10, more: true });
  expect(presence?.clients).toHaveLength(MAX_CLIENTS);
  expect(new Set(presence?.clients.map(({ streams }) => streams))).toEqual(new Set([2]));
});

it('omits a subject that is too long as JSON, and clients that do not fit into a message', () => {
  const long = { topics: ['a'], subject: '\u0001'.repeat(MAX_SUBJECT_BYTES / 6 + 1) };
  expect(countPresence([long], ['a']).get('a')).toEqual({ streams: 1, clients: [], more: true });
  const crowd = Array.from({ length: 900 }, (_, i) => ({
    topics: ['a', 'b'],
    subject: `${i}`.padEnd(1000, 'x'),
  }));
  const answer = JSON.stringify([...countPresence(crowd, ['a', 'b'])]);
  expect(answer.length).toBeLessThan(400_000);
  expect(answer).toContain('"streams":900');
});
