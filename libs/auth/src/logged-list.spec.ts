import * as fc from 'fast-check';
import { loggedList, loggedText } from './logged-list.js';

it('shows a short list whole', () => {
  expect(loggedList('topics', ['a', 'b'])).toEqual({ topics: ['a', 'b'] });
});

it('cuts a long one, and counts', () => {
  const topics = Array.from({ length: 32 }, (_, i) => `t${i}`);
  expect(loggedList('topics', topics)).toEqual({
    topics: topics.slice(0, 8),
    topics_count: 32,
  });
});

it('cuts text at 256 bytes, between characters', () => {
  expect(loggedText('é'.repeat(200))).toBe('é'.repeat(128));
  expect(loggedText(`a${'é'.repeat(200)}`)).toBe(`a${'é'.repeat(127)}`);
  for (const whole of ['a\uFFFD', `${'a'.repeat(253)}\uFFFD`])
    expect(loggedText(whole)).toBe(whole);
  // A character that the client itself sent so is no cut one.
  expect(loggedText(`\uFFFD${'a'.repeat(300)}`)).toBe(`\uFFFD${'a'.repeat(253)}`);
});

it('is bounded whatever is asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 600 }), { maxLength: 40 }),
      (list) => {
        const { topics = [] } = loggedList('topics', list) as { topics?: string[] };
        return topics.length <= 8 && topics.every((each) => Buffer.byteLength(each) <= 256);
      },
    ),
  );
});

it('shows no token that a client sent as something else', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl-_';
  expect(loggedText(token)).toBe('eyJ…');
  expect(loggedText(`events.${token},events.a`)).toBe('events.eyJ…,events.a');
  expect(loggedText(`${token.slice(0, 30)}${'x'.repeat(300)}`)).toBe('eyJ…');
  expect(loggedList('topics', [token, 'eyJ.short'])).toEqual({ topics: ['eyJ…', 'eyJ.short'] });
});
