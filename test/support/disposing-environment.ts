// Jest loads this file without its module mapping: it must not import other TypeScript files.
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

/** The property of a test file's global object that lists its resources. */
export const DISPOSABLES = Symbol.for('nuts.test.disposables');

/** A global object that holds resources. */
export interface DisposalScope {
  [DISPOSABLES]?: Set<() => Promise<void> | void>;
}

/**
 * Node's environment, which ends a test file's resources when the file is over. Not an `afterAll` of a
 * setup file: jest runs those before the test's own, which would find their server gone.
 */
export default class DisposingEnvironment extends TestEnvironment {
  async handleTestEvent(event: Circus.AsyncEvent): Promise<void> {
    if (event.name === 'run_finish') await disposeAll(this.global);
  }

  override async teardown(): Promise<void> {
    await disposeAll(this.global);
    await super.teardown();
  }
}

/** Disposes of all resources of a scope, even if some of them fail. */
async function disposeAll(global: object | null): Promise<void> {
  const waiting = (global as DisposalScope | null)?.[DISPOSABLES];
  if (!waiting) return;
  const failures: unknown[] = [];
  for (const dispose of [...waiting].reverse()) {
    waiting.delete(dispose);
    try {
      await dispose();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'resources of a test did not end');
}
