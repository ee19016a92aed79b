import config from '../../jest.config.js';

const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

// The long runs: minutes each, one at a time. `CHAOS_SEED` repeats one.
export default {
  ...e2e,
  displayName: 'chaos',
  testMatch: ['<rootDir>/test/chaos/**/*.long-spec.ts'],
  maxWorkers: 1,
};
