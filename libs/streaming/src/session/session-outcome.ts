import type { ServerResponse } from 'node:http';
import type { DisconnectReason, HubMetrics, WriteSite } from '@nuts/metrics';

/** Why a stream ended without an end of its own: the client disconnected, or a write failed. */
export function clientEnd(response: ServerResponse, writing: WriteSite): DisconnectReason {
  const error = (response.errored ?? response.socket?.errored) as { code?: string } | null;
  // Browsers leave with a connection reset; only a write to a closed connection counts as a write error.
  if (error?.code !== 'EPIPE') return 'client_context_done';
  return writing === 'heartbeat' ? 'heartbeat_write_error' : 'write_error';
}

/** Counts the end of a stream in the specific metrics, besides `nuts_stream_closed_total`. */
export function countEnd(metrics: HubMetrics, reason: DisconnectReason, writing: WriteSite): void {
  switch (reason) {
    case 'slow_client':
      return metrics.slowClientDisconnected();
    case 'replay_cap_reached':
      return metrics.replayCapReached();
    case 'consumer_unrecoverable':
      return metrics.consumerInvalidated('unrecoverable');
    case 'stream_consumer_limit':
      return metrics.rejected('stream_consumer_limit');
    case 'write_error':
    case 'heartbeat_write_error':
      return metrics.writeDisconnected(writing);
    case 'client_context_done':
    case 'handler_shutdown':
    case 'jetstream_unavailable':
    case 'max_connections':
    case 'max_connections_per_client':
    case 'max_connection_age':
    case 'subscription_failed':
    case 'token_expired':
    case 'stream_recreated':
    case 'stream_rewound':
      return;
    default:
      return reason satisfies never;
  }
}
