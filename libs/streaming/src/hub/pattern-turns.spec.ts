import { SubjectSet } from '../log/subject-set.js';
import { PatternTurns } from './pattern-turns.js';

it('prepares patterns for a few milliseconds in each turn of the event loop', async () => {
  const set = new SubjectSet('', ['a.*', 'b.*', 'c.*', 'd.*']);
  let [turn, inTurn, most, prepared] = [0, 0, 0, 0];
  let isDone = false;
  const count = (): void => {
    turn++;
    inTurn = 0;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const turns = new PatternTurns(() => ({
    prepare: () => {
      prepared++;
      most = Math.max(most, ++inTurn);
      const ends = performance.now() + 6;
      while (performance.now() < ends);
    },
  }));
  await Promise.all(Array.from({ length: 5 }, () => turns.ready(set)));
  isDone = true;
  expect([prepared, most]).toEqual([20, 1]);
  expect(turn).toBeGreaterThanOrEqual(20);
});
