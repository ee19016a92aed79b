import { setImmediate } from 'node:timers/promises';
import type { MessageWindow } from '../log/message-window.js';
import type { SubjectSet } from '../log/subject-set.js';

/** Time for pattern lookups per turn of the event loop, in ms; live messages wait this long. */
const TURN_MS = 5;

/**
 * Spreads the cost of wildcard patterns over turns of the event loop. Checking whether memory is complete
 * for a pattern visits all forgotten subjects. Requests with patterns are prepared one after another, and
 * the results are cached for their plans.
 */
export class PatternTurns {
  private last = Promise.resolve();

  constructor(private readonly window: () => Pick<MessageWindow, 'prepare'>) {}

  /** Resolves in a turn of its own, when the lookups of the set's patterns are cached. */
  ready(set: SubjectSet): Promise<void> {
    this.last = this.last.then(() => this.prepare(set));
    return this.last;
  }

  private async prepare(set: SubjectSet): Promise<void> {
    await setImmediate();
    let ends = performance.now() + TURN_MS;
    for (const pattern of set.patterns) {
      this.window().prepare(pattern);
      if (performance.now() < ends) continue;
      await setImmediate();
      ends = performance.now() + TURN_MS;
    }
  }
}
