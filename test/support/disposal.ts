import { DISPOSABLES, type DisposalScope } from './disposing-environment.js';

/**
 * Ends a resource when the test file is over, after all of its hooks, the newest first. Call the
 * returned function when the resource has ended by itself.
 */
export function disposeAtEnd(dispose: () => Promise<void> | void): () => void {
  const scope = globalThis as DisposalScope;
  const waiting = (scope[DISPOSABLES] ??= new Set());
  waiting.add(dispose);
  return () => waiting.delete(dispose);
}
