import { join } from 'node:path';
import config from '../../jest.config.js';
import { roomOf } from './rooms.js';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');
const room = roomOf(process.env.MUTATION_ROOM);

// The room's own unit tests: what these do not notice is what mutation testing looks for.
export default {
  ...unit,
  // Stryker wraps it, and does not know `<rootDir>`.
  testEnvironment: join(unit.rootDir, 'test/support/disposing-environment.ts'),
  runner: join(unit.rootDir, 'test/mutation/first-failure.runner.js'),
  // On a busy machine, a property test takes longer than the default of 5 s: its mutants would count as killed.
  testTimeout: 10_000,
  setupFiles: [join(unit.rootDir, 'test/mutation/without-shrinking.js')],
  testMatch: room.tests.map((folder) => `<rootDir>/libs/${folder}/**/*.spec.ts`),
};
