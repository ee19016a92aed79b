import type { PresentStream } from './count-presence.js';
import { PresenceCounter } from './presence-counter.js';

function crowd(size: number): PresentStream[] {
  return Array.from({ length: size }, (_, i) => ({
    topics: [`b.u${i}.x`, `b.*.u${i}`],
    subject: `user-${i}`,
  }));
}

const question = (n: number): string[] => Array.from({ length: 32 }, (_, i) => `a.*.${n}.t${i}`);

it('counts thousands of streams in many turns of the event loop', async () => {
  const counter = new PresenceCounter(() => crowd(30_000));
  let turns = 0;
  const tick = (): void => {
    turns += 1;
    next = setImmediate(tick);
  };
  let next = setImmediate(tick);
  await counter.count(question(1));
  clearImmediate(next);
  expect(turns).toBeGreaterThan(3);
});

it('answers requests that arrive during a count together', async () => {
  let counts = 0;
  const streams = crowd(3000);
  const counter = new PresenceCounter(() => {
    counts += 1;
    return streams;
  });
  const asked = Array.from({ length: 20 }, (_, n) => counter.count([...question(n), `b.*.u${n}`]));
  const answers = await Promise.all(asked);
  // The first one alone, then up to 256 topics together.
  expect(counts).toBe(4);
  for (const [n, answer] of answers.entries()) {
    expect(answer.size).toBe(33);
    expect(answer.get(`b.*.u${n}`)).toEqual({
      streams: 1,
      clients: [{ subject: `user-${n}`, streams: 1 }],
    });
  }
});

it('counts streams that open and close meanwhile', async () => {
  const open = new Set(crowd(2));
  const counter = new PresenceCounter(() => open);
  const [first] = open;
  if (first !== undefined) open.delete(first);
  expect((await counter.count(['b.>'])).get('b.>')?.streams).toBe(1);
  open.clear();
  expect((await counter.count(['b.>'])).get('b.>')?.streams).toBe(0);
});
