import type { MetricDefinition } from './metric-definition.interface.js';

const reasons = (...values: string[]): { name: string; values: string[] } => ({
  name: 'reason',
  values,
});

/** The metrics of the original that dashboards rely on (contract §8). They never get additional labels. */
export const ORIGINAL_METRICS = {
  nuts_active_connections: {
    type: 'gauge',
    help: 'Open event streams.',
  },
  nuts_messages_delivered_total: {
    type: 'counter',
    help: 'Message events written, summed over clients.',
  },
  nuts_messages_dropped_total: {
    type: 'counter',
    help: 'Messages that were not delivered, counted once per hub.',
    label: reasons(
      'raw_payload',
      'formatted_sse_message',
      'replay_window',
      'control_message',
      'raw_not_text',
      'mapper_dropped',
      'mapper_error',
    ),
  },
  nuts_slow_client_disconnects_total: {
    type: 'counter',
    help: 'Clients disconnected because their connection made no progress for write_timeout.',
  },
  nuts_replay_requests_total: {
    type: 'counter',
    help: 'Streams requested with a cursor.',
  },
  nuts_replay_fallbacks_total: {
    type: 'counter',
    help: 'Cursors that could not be continued.',
  },
  nuts_replay_cap_reached_total: {
    type: 'counter',
    help: 'Streams ended after replay_max_messages.',
  },
  nuts_subscription_errors_total: {
    type: 'counter',
    help: 'Requests refused: a topic outside the stream, or no consumer could be created.',
  },
  nuts_connections_rejected_total: {
    type: 'counter',
    help: 'Requests refused before their stream opened.',
    label: reasons(
      'max_connections',
      'max_connections_per_client',
      'stream_consumer_limit',
      'auth_missing_token',
      'auth_invalid_token',
      'auth_topic_forbidden',
    ),
  },
  nuts_consumer_invalidated_total: {
    type: 'counter',
    help: 'Consumers lost under live streams.',
    label: reasons('recreated', 'unrecoverable', 'stream_recreated', 'stream_rewound'),
  },
  nuts_write_disconnects_total: {
    type: 'counter',
    help: 'Streams ended by a failed write.',
    label: { name: 'site', values: ['connected', 'message', 'heartbeat'] },
  },
  nuts_readiness_failures_total: {
    type: 'counter',
    help: 'Failed readiness probes, by first cause.',
    label: {
      name: 'cause',
      values: ['nats_disconnected', 'jetstream_missing', 'stream_info_error', 'tail_stalled'],
    },
  },
  nuts_nats_connection_events_total: {
    type: 'counter',
    help: 'Changes of a NATS connection.',
    label: { name: 'event', values: ['disconnect', 'reconnect', 'closed', 'lame_duck'] },
  },
  nuts_nats_async_errors_total: {
    type: 'counter',
    help: 'Errors that the NATS client reported on its own.',
    label: {
      name: 'kind',
      values: ['slow_consumer', 'timeout', 'connection_state', 'consumer_invalidated', 'other'],
    },
  },
  nuts_shared_subscriptions: {
    type: 'gauge',
    help: 'Channels: distinct topic sets and formats with a client.',
  },
  nuts_shared_transitions_total: {
    type: 'counter',
    help: 'Clients that joined or left a channel.',
    label: { name: 'transition', values: ['joined', 'fell_behind', 'shared_failed'] },
  },
} as const satisfies Record<string, MetricDefinition>;
