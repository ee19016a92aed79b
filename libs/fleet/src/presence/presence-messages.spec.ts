import fc from 'fast-check';
import { mergePresence } from './merge-presence.js';
import { readAnswer, readQuestion } from './presence-messages.js';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

it('reads requests, and ignores everything else', () => {
  const question = { hub: '/events', topics: ['a', 'b.*'] };
  expect(readQuestion(bytes(question))).toEqual(question);
  expect(readQuestion(bytes({ ...question, process: 'p' }))).toEqual({ ...question, process: 'p' });
  for (const wrong of [{ hub: 1 }, { topics: 'a' }, { topics: [''] }, { topics: [1] }]) {
    expect(readQuestion(bytes({ ...question, ...wrong }))).toBeUndefined();
  }
});

it('keeps the requested and well-formed parts of an answer', () => {
  const clients = [{ subject: 'ann', streams: 2 }];
  const answer = {
    process: 'p',
    topics: {
      a: { streams: 3, clients: [...clients, { subject: 'bob', streams: 9 }, { subject: '' }, 7] },
      b: { streams: -1, clients },
      c: { streams: 3, clients: 'all' },
      d: { streams: 1, clients: [] },
      e: { streams: 5, clients: [], more: true },
    },
  };
  const read = readAnswer(bytes(answer), ['a', 'b', 'c', 'e', '__proto__', 'toString']);
  expect(read?.process).toBe('p');
  expect([...(read?.topics ?? [])]).toEqual([
    ['a', { streams: 3, clients }],
    ['e', { streams: 5, clients: [], more: true }],
  ]);
});

it('throws for no JSON', () => {
  fc.assert(
    fc.property(fc.json(), fc.array(fc.string()), (text, topics) => {
      readQuestion(Buffer.from(text));
      readAnswer(Buffer.from(text), topics);
      readAnswer(Buffer.from(`{"process":"p","topics":${text}}`), topics);
    }),
  );
});

it('sums by topic and subject', () => {
  const known = (streams: number, ...subjects: string[]) => ({
    streams,
    clients: subjects.map((subject) => ({ subject, streams: 1 })),
  });
  expect(
    mergePresence(
      ['a', 'b'],
      [
        new Map([['a', known(3, 'bob', 'ann')]]),
        new Map([['a', { ...known(2, 'ann'), more: true as const }]]),
      ],
    ),
  ).toEqual({
    a: {
      streams: 5,
      clients: [
        { subject: 'ann', streams: 2 },
        { subject: 'bob', streams: 1 },
      ],
      more: true,
    },
    b: { streams: 0, clients: [] },
  });
});
