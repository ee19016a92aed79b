import { randomUUID } from 'node:crypto';

/** Injection token of the internal path of one module's services. */
export const ASK_ROUTE = Symbol('AskRoute');

/**
 * A separate path per module: if two modules had the same path, Nest would route both to the first one's
 * guards. Node decodes request targets as latin1, so an external request cannot contain an arrow (U+2192).
 */
export function newAskRoute(): string {
  return `/nuts→ask/${randomUUID()}`;
}
