import { DISCONNECT_REASONS } from './disconnect-reasons.js';
import type { PageResult, StreamEncoding, StreamStart } from './nuts-metrics.interface.js';
import { REQUEST_RESULTS } from './service-metrics.interface.js';

/** What a metric is. `labels` holds the closed set of each label; `hub` is filled in at run time. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** One series for each hub. Only names that the original does not have (contract §8). */
  readonly perHub?: true;
  /** One series for each entry of `services`. */
  readonly perService?: true;
  /** The only other label a metric has here, with all its values: every series starts at 0. */
  readonly label?: { readonly name: string; readonly values: readonly string[] };
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[];
}

const reasons = (...values: string[]): { name: string; values: string[] } => ({
  name: 'reason',
  values,
});

const ENCODING = { name: 'encoding', values: ['identity', 'gzip'] satisfies StreamEncoding[] };

/**
 * Every metric of the service, names and labels as contract §8 lists them. Dashboards and alerts
 * are tested against this page, so a rename here shows up there.
 */
export const METRIC_CATALOGUE = {
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
    help: 'Messages that were not delivered, once for a hub.',
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
    help: 'Streams that were asked for with a cursor.',
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
    help: 'Requests refused before their stream began.',
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
    help: 'Readiness probes that found a failure, by its first cause.',
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
  nuts_delivery_lag_seconds: {
    type: 'histogram',
    help: 'From the stored time of a live message to its write.',
    perHub: true,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  nuts_fanout_batch_messages: {
    type: 'histogram',
    help: 'Messages joined into one write of a channel.',
    perHub: true,
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  },
  nuts_window_messages: {
    type: 'gauge',
    help: 'Messages held in memory.',
    perHub: true,
  },
  nuts_window_bytes: {
    type: 'gauge',
    help: 'Bytes held in memory.',
    perHub: true,
  },
  nuts_last_values_messages: {
    type: 'gauge',
    help: 'Newest messages of single subjects held beyond the window; 0 while the stream has too many.',
    perHub: true,
  },
  nuts_last_values_bytes: {
    type: 'gauge',
    help: 'Bytes of the last values held beyond the window.',
    perHub: true,
  },
  nuts_replay_consumers: {
    type: 'gauge',
    help: 'Replays that hold a JetStream consumer.',
    perHub: true,
  },
  nuts_replays_waiting: {
    type: 'gauge',
    help: 'Replays that wait for a slot.',
    perHub: true,
  },
  nuts_replay_wait_seconds: {
    type: 'histogram',
    help: 'How long a replay waited for a slot, of those that waited.',
    perHub: true,
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  nuts_publishes_total: {
    type: 'counter',
    help: 'Publish requests over HTTP, by result.',
    perHub: true,
    label: {
      name: 'result',
      values: ['stored', 'duplicate', 'conflict', 'refused', 'unavailable', 'unknown'],
    },
  },
  nuts_publish_seconds: {
    type: 'histogram',
    help: "From a publish request to the stream's answer.",
    perHub: true,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  nuts_stream_closed_total: {
    type: 'counter',
    help: 'Streams ended, retry streams included.',
    perHub: true,
    label: { name: 'reason', values: DISCONNECT_REASONS },
  },
  nuts_starts_total: {
    type: 'counter',
    help: 'Streams without a cursor, by what they began with.',
    perHub: true,
    label: {
      name: 'start',
      values: ['live', 'all', 'last', 'count', 'time'] satisfies StreamStart[],
    },
  },
  nuts_pages_total: {
    type: 'counter',
    help: 'Pages of history, by how they ended.',
    perHub: true,
    label: {
      name: 'result',
      values: ['answered', 'cut', 'left', 'refused'] satisfies PageResult[],
    },
  },
  nuts_sent_bytes_total: {
    type: 'counter',
    help: 'Bytes of event streams as they were sent, after compression.',
    perHub: true,
    label: ENCODING,
  },
  nuts_sent_plain_bytes_total: {
    type: 'counter',
    help: 'The same bytes before compression.',
    perHub: true,
    label: ENCODING,
  },
  nuts_requests_total: {
    type: 'counter',
    help: 'Requests to services, by how they ended.',
    perService: true,
    label: { name: 'result', values: REQUEST_RESULTS },
  },
  nuts_request_seconds: {
    type: 'histogram',
    help: 'From a request to the end of its answer.',
    perService: true,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  nuts_request_replies_total: {
    type: 'counter',
    help: 'Replies of services.',
    perService: true,
  },
} as const satisfies Record<string, MetricDefinition>;

/** Name of a metric of the service. */
export type MetricName = keyof typeof METRIC_CATALOGUE;

type NamesOf<T extends MetricDefinition['type']> = {
  [N in MetricName]: (typeof METRIC_CATALOGUE)[N]['type'] extends T ? N : never;
}[MetricName];

export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

/** The definition under its wide type: for code that treats all metrics alike. */
export function definitionOf(name: MetricName): MetricDefinition {
  return METRIC_CATALOGUE[name];
}

/** All names, in the catalogue's order. */
export const METRIC_NAMES = Object.keys(METRIC_CATALOGUE) as MetricName[];
