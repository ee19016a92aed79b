import { randomUUID } from 'node:crypto';

/** Token of the path behind the services of one module. */
export const ASK_ROUTE = Symbol('AskRoute');

/**
 * A path of its own for each module: Nest gives a path that two modules have to the first, whose guards
 * would then decide for both. Node decodes request targets as latin1, so no request from outside can
 * hold an arrow (U+2192).
 */
export function newAskRoute(): string {
  return `/nuts→ask/${randomUUID()}`;
}
