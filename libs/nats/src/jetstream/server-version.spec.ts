import { featuresOf } from './server-version.js';

describe('featuresOf', () => {
  it.each([
    ['2.9.10', false, false, true],
    ['2.9.15', false, false, false],
    ['2.10.0', true, false, false],
    ['2.14.6', true, false, false],
    ['2.14.7', true, true, false],
    ['2.15.0-RC.1', true, true, false],
    ['3.0.0', true, true, false],
    ['v2.15.2', true, true, false],
    ['', false, false, true],
  ])('of %j', (version, createAction, manyFilters, slowFilters) => {
    expect(featuresOf(version)).toEqual({ createAction, manyFilters, slowFilters });
  });
});
