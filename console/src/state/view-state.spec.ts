import fc from 'fast-check';
import { EMPTY_STATE, readState, splitTopics, writeState } from './view-state.js';

it('reads the URL that it wrote', () => {
  const topic = fc.stringMatching(/^[A-Za-z0-9_*>-]+(\.[A-Za-z0-9_*>-]+){0,3}$/);
  const state = fc.record({
    hub: fc.string(),
    topics: fc.uniqueArray(topic, { maxLength: 5 }),
    start: fc.string(),
    cursor: fc.string(),
    plotTopic: fc.string(),
    plotField: fc.string(),
    lookBack: fc.string(),
    filter: fc.string(),
  });
  fc.assert(fc.property(state, (each) => expect(readState(writeState(each))).toEqual(each)));
});

it('accepts any URL and uses defaults for an empty one', () => {
  expect(readState('')).toEqual(EMPTY_STATE);
  expect(writeState(EMPTY_STATE)).toBe('');
  fc.assert(fc.property(fc.string(), (hash) => void readState(hash)));
});

it('splits topics at commas and spaces, without duplicates', () => {
  expect(splitTopics(' a, b.c\n a,,d.> ')).toEqual(['a', 'b.c', 'd.>']);
});
