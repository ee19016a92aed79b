import { setImmediate } from 'node:timers/promises';
import type { MessageWindow } from '../log/message-window.js';
import type { SubjectSet } from '../log/subject-set.js';

/** How long patterns are looked up in one turn of the loop, in ms; live messages wait so long. */
const TURN_MS = 5;

/**
 * Spreads what wildcard patterns cost over turns of the loop. Whether memory is complete for a pattern
 * takes a look at all subjects that memory has forgotten; requests with patterns are prepared one after
 * the other, and what was found is remembered for their plans.
 */
export class PatternTurns {
  private last = Promise.resolve();

  constructor(private readonly window: () => Pick<MessageWindow, 'prepare'>) {}

  /** Resolves in a turn of its own, when the set's patterns cost little to ask for. */
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
