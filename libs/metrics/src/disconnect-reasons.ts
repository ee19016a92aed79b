import type { DisconnectReason } from './nuts-metrics.interface.js';

/** Values of `reason` in `nuts_stream_closed_total`, and of `disconnect_reason` in the log. */
export const DISCONNECT_REASONS = [
  'client_context_done',
  'slow_client',
  'write_error',
  'heartbeat_write_error',
  'replay_cap_reached',
  'consumer_unrecoverable',
  'handler_shutdown',
  'jetstream_unavailable',
  'max_connections',
  'stream_consumer_limit',
  'subscription_failed',
  'token_expired',
  'max_connection_age',
  'max_connections_per_client',
  'stream_recreated',
  'stream_rewound',
] as const satisfies readonly DisconnectReason[];
