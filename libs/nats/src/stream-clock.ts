import type { StreamFacts } from './nats-client.interface.js';

/**
 * A clock that does not jump when the system's clock is set, in ms since 1970. It stands still while the
 * machine sleeps, and it may be wrong: only its distance from another clock is useful.
 */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * The present time of the server that stores a stream, in ms: stored times and limits are compared with it.
 * The clock of this process may be wrong, or be set while it runs. Without the server's time (before 2.10)
 * there is no other.
 */
export function streamNow(facts: Pick<StreamFacts, 'clockAheadMs'> | undefined): number {
  const { clockAheadMs } = facts ?? {};
  return clockAheadMs === undefined ? Date.now() : steadyNow() + clockAheadMs;
}
