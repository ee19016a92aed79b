import { availableParallelism } from 'node:os';

// CommonJS through swc: jest's ES module mode needs Node 24.9, and this works from 22.12 on.
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/test/support/disposing-environment.ts',
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|@willsoto|nestjs-pino|jose|eventsource|eventsource-parser)/)',
  ],
  moduleNameMapper: {
    '^@nuts/(auth|client|console|fleet|health|metrics|nats|publishing|requests|streaming|writing)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^@nuts/client/react$': '<rootDir>/libs/client/src/react/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.toolchain', '<rootDir>/.data'],
};

export default {
  // End-to-end tests mostly wait, for timeouts and for processes: with a worker a core, a third of the
  // machine would idle. With more than this, they would wait for each other.
  maxWorkers: availableParallelism() + 2,
  testSequencer: './test/support/longest-first.sequencer.js',
  // Jest reads this at the top only. For whole systems on a busy machine; unit tests are far below.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,libs,console,bench,deploy}/**/*.spec.ts'],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/{test,examples}/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/support/nats/nats-backend.ts',
    },
  ],
};
