import config from '../../jest.config.js';

const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

// A real browser is slow and heavy: one file at a time, outside the ordinary runs.
export default {
  ...e2e,
  displayName: 'browser',
  testMatch: ['<rootDir>/test/browser/**/*.browser-spec.ts'],
  globalSetup: '<rootDir>/test/browser/chromium-path.ts',
  testTimeout: 60_000,
  maxWorkers: 1,
};
