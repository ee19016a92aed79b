import { roomOf } from './rooms.js';

const { MUTATION_ROOM, MUTATION_FILE: file } = process.env;
const room = roomOf(MUTATION_ROOM);

// `npm run mutation` starts one of these for each room.
export default {
  mutate: [
    `libs/${room.folder}/${file ?? '**/*.ts'}`,
    '!**/*.spec.ts',
    '!**/*.fixture.ts',
    '!**/index.ts',
  ],
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.js' },
  coverageAnalysis: 'perTest',
  // A mutant in a module's constants is there before any test runs: it would take all tests of the room.
  ignoreStatic: true,
  concurrency: 2,
  // Endless loops are noticed by their count. A short time would let a busy machine pass for a failed test.
  timeoutMS: 10_000,
  tempDirName: '.data/mutation/sandbox',
  ignorePatterns: ['.data', '.toolchain', 'dist', 'docs', 'examples', 'console', 'coverage'],
  reporters: ['json', 'clear-text', 'progress-append-only'],
  jsonReporter: { fileName: `.data/mutation/${room.name}.run.json` },
  clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false, skipFull: true },
};
