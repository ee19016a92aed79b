import { basename } from 'node:path';
import Runner from 'jest-runner';

/**
 * Ends a run at the first file with a failed test, and starts with the file most likely to fail: a mutant
 * is dead after one failure, and Stryker cannot make jest bail. A mutant of the log is killed by its own
 * file's test in half a second; without this, all tests of the log that reach it would run.
 */
export default class FirstFailureRunner extends Runner {
  async runTests(tests, watcher, options) {
    let isFailed = false;
    this.on('test-file-success', ([, { numFailingTests }]) => (isFailed ||= numFailingTests > 0));
    this.on('test-file-failure', () => (isFailed = true));
    for (const test of this.#likeliestFirst(tests)) {
      if (isFailed) return;
      await super.runTests([test], watcher, options);
    }
  }

  /** The tests of the changed file, then the others; of both, the shortest first. */
  #likeliestFirst(tests) {
    const own = this._globalConfig.nonFlagArgs.map((file) => basename(file, '.ts'));
    const isOwn = ({ path }) => own.some((name) => basename(path).startsWith(name));
    const shortestFirst = [...tests].reverse();
    return [...shortestFirst.filter(isOwn), ...shortestFirst.filter((test) => !isOwn(test))];
  }
}
