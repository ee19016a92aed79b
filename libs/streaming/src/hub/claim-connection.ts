import type { HubMetrics } from '@nuts/metrics';
import type { ConnectionLimits } from './connection-limits.js';

/**
 * Claims a place for a connection, and counts it.
 *
 * @param client the key of its client; called only if there is a limit for each
 * @returns releases the place, once
 * @throws StreamRefusal if there is none
 */
export function claimConnection(
  limits: ConnectionLimits,
  client: () => string,
  metrics: Pick<HubMetrics, 'connectionOpened' | 'connectionClosed'>,
): () => void {
  let leave: (() => void) | undefined = limits.admit(client);
  metrics.connectionOpened();
  return () => {
    if (leave === undefined) return;
    leave();
    leave = undefined;
    metrics.connectionClosed();
  };
}
