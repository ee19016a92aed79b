import { DISCONNECT_REASONS } from './disconnect-reasons.js';
import type { MetricDefinition } from './metric-definition.interface.js';
import type { PageResult, StreamEncoding, StreamStart } from './nuts-metrics.interface.js';
import { REQUEST_RESULTS } from './service-metrics.interface.js';

const ENCODING = { name: 'encoding', values: ['identity', 'gzip'] satisfies StreamEncoding[] };

/** The metrics that this project adds (contract §8). All of them have the label `hub` or `service`. */
export const ADDED_METRICS = {
  nuts_delivery_lag_seconds: {
    type: 'histogram',
    help: 'Time from storing a live message to writing it.',
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
    help: 'Replays waiting for a slot.',
    perHub: true,
  },
  nuts_replay_wait_seconds: {
    type: 'histogram',
    help: 'How long a replay waited for a slot; only replays that waited.',
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
    help: 'Ended streams, including retry streams.',
    perHub: true,
    label: { name: 'reason', values: DISCONNECT_REASONS },
  },
  nuts_starts_total: {
    type: 'counter',
    help: 'Streams without a cursor, by their start.',
    perHub: true,
    label: {
      name: 'start',
      values: ['live', 'all', 'last', 'count', 'time'] satisfies StreamStart[],
    },
  },
  nuts_pages_total: {
    type: 'counter',
    help: 'Pages of history, by result.',
    perHub: true,
    label: {
      name: 'result',
      values: ['answered', 'cut', 'left', 'refused'] satisfies PageResult[],
    },
  },
  nuts_sent_bytes_total: {
    type: 'counter',
    help: 'Bytes sent for event streams, after compression.',
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
    help: 'Requests to services, by result.',
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
