// `make test`: everything that must be green, told step by step, with a closing count.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { Fingerprint } from './verify/fingerprint.js';
import { inTurn, Step } from './verify/step.js';

const CACHE = 'node_modules/.cache/nuts';
const RESULTS = `${CACHE}/tests.json`;
const began = performance.now();

const build = new Step('build', 'node', ['scripts/build.js']);
const types = new Step('types', 'tsc', [
  ...['--noEmit', '-p', 'tsconfig.json', '--incremental'],
  ...['--tsBuildInfoFile', `${CACHE}/types.tsbuildinfo`],
]);
// Without eslint's own cache: what a rule says of a file can change with the types in another.
const page = new Step('types of the console', 'tsc', ['-p', 'console/tsconfig.json']);
const react = new Step('types of the React example', 'tsc', ['-p', 'examples/react-dashboard']);
const lint = new Step('lint', 'eslint', ['.', '--max-warnings', '0'], {
  fingerprint: new Fingerprint(`${CACHE}/lint`, /\.[cm]?[jt]s$|^(package-lock|tsconfig.*)\.json$/),
});
const format = new Step('format', 'prettier', [
  ...['--check', '--log-level', 'warn', '.'],
  ...['--cache', '--cache-location', `${CACHE}/prettier`],
]);
const rules = new Step('dependency rules', 'npm', ['run', '--silent', 'deps']);
const tests = new Step('tests', 'jest', ['--json', '--outputFile', RESULTS], { live: true });

mkdirSync(CACHE, { recursive: true });
rmSync(RESULTS, { force: true });
// Two lanes for two cores; the tests alone, since they measure time.
await Promise.all([inTurn(build, types, page, react, rules), inTurn(lint, format)]);
if (build.passed) await tests.run();
else console.log('✗ tests (not run: there is nothing to test without a build)');

const steps = [build, types, page, react, lint, format, rules, tests];
const failed = steps.filter(({ passed }) => !passed).map(({ name }) => name);
const time = `${((performance.now() - began) / 1000).toFixed(0)} s`;
const checks = failed.length === 0 ? 'all checks green' : `failed: ${failed.join(', ')}`;
console.log(`\n${checks}; ${time}\n${totals()}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** How many tests passed and failed; none when jest did not get so far. */
function totals() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(RESULTS, 'utf8'));
    return `${numPassedTests} passed, ${numFailedTests} failed`;
  } catch {
    return '0 passed, 0 failed';
  }
}
