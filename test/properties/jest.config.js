import { globSync, readFileSync } from 'node:fs';
import config from '../../jest.config.js';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');
const root = config.projects[0].rootDir;

// Every property of the unit specs, with more runs than usual (`PROPERTY_RUNS`).
export default {
  ...unit,
  displayName: 'properties',
  testMatch: globSync('{src,libs,bench}/**/*.spec.ts', { cwd: root })
    .filter((file) => readFileSync(`${root}/${file}`, 'utf8').includes("from 'fast-check'"))
    .map((file) => `<rootDir>/${file}`),
  setupFiles: ['<rootDir>/test/properties/many-runs.ts'],
  testTimeout: 600_000,
};
