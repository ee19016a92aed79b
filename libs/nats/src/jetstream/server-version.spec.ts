import { featuresOf } from './server-version.js';

describe('featuresOf', () => {
  it.each([
    ['2.9.10', false, false],
    ['2.10.0', true, false],
    ['2.14.6', true, false],
    ['2.14.7', true, true],
    ['2.15.0-RC.1', true, true],
    ['3.0.0', true, true],
    ['v2.15.2', true, true],
    ['', false, false],
  ])('of %j: create action %s, many filters %s', (version, createAction, manyFilters) => {
    expect(featuresOf(version)).toEqual({ createAction, manyFilters });
  });
});
