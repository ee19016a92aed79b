import fc from 'fast-check';
import { dueMs, numbered, payloadOf, topicInTurn } from './messages.js';

describe('the messages of the benchmark', () => {
  it('have exactly the requested size and are compact JSON', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 70_000 }), fc.nat(), (bytes, number) => {
        const payload = payloadOf(bytes, number);
        expect(payload).toHaveLength(bytes);
        const text = payload.toString();
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toMatchObject({ n: number });
      }),
    );
  });

  it('cannot be smaller than their frame', () => {
    expect(() => payloadOf(5)).toThrow(RangeError);
  });

  it('are due at equal intervals', () => {
    expect([0, 1, 2, 250].map((number) => dueMs(number, 100))).toEqual([0, 10, 20, 2500]);
  });

  it('rotate through the topics', () => {
    const topics = numbered('bench.user', 3);
    expect(topics).toEqual(['bench.user.0', 'bench.user.1', 'bench.user.2']);
    const turns = Array.from({ length: 7 }, (_, number) => topicInTurn(number, topics));
    expect(turns.join()).toBe([...topics, ...topics, topics[0]].join());
    expect(() => topicInTurn(0, [])).toThrow(RangeError);
  });
});
