import config from '../../jest.config.js';

const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

// Builds, packs and installs: minutes where no cache is warm, so outside the ordinary runs.
export default {
  ...e2e,
  displayName: 'packages',
  testMatch: ['<rootDir>/test/packages/**/*.long-spec.ts'],
  testTimeout: 600_000,
  maxWorkers: 1,
};
