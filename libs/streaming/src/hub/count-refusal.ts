import type { HubMetrics } from '@nuts/metrics';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import type { SessionLogger } from './session-logger.js';
import type { StreamRequest } from './stream-request.interface.js';

/**
 * Counts and logs a `StreamRefusal`; ignores other errors.
 *
 * @returns the error, unchanged
 */
export function countRefusal(
  error: unknown,
  { subscription }: Pick<StreamRequest, 'subscription'>,
  metrics: HubMetrics,
  sessionLogger: SessionLogger,
): unknown {
  if (!(error instanceof StreamRefusal)) return error;
  const { reason } = error;
  metrics.streamClosed(reason);
  if (
    reason === 'max_connections' ||
    reason === 'max_connections_per_client' ||
    reason === 'stream_consumer_limit'
  ) {
    metrics.rejected(reason);
  } else if (reason === 'subscription_failed') {
    metrics.subscriptionFailed();
  }
  sessionLogger.refused(subscription.topics, reason, error.cause);
  return error;
}
