import { Inject } from '@nestjs/common';
import type { ServiceMetrics } from './service-metrics.interface.js';

/** Why a stream ended; label in `nuts_stream_closed_total` and in the log (contract §8). */
export type DisconnectReason =
  | 'client_context_done'
  | 'slow_client'
  | 'write_error'
  | 'heartbeat_write_error'
  | 'replay_cap_reached'
  | 'consumer_unrecoverable'
  | 'handler_shutdown'
  | 'jetstream_unavailable'
  | 'max_connections'
  | 'stream_consumer_limit'
  | 'subscription_failed'
  | 'token_expired'
  | 'max_connection_age'
  | 'max_connections_per_client'
  | 'stream_recreated'
  | 'stream_rewound';

/** Why a message was not delivered; label in `nuts_messages_dropped_total`. */
export type DropReason =
  | 'raw_payload'
  | 'formatted_sse_message'
  | 'replay_window'
  | 'control_message'
  | 'raw_not_text'
  | 'mapper_dropped'
  | 'mapper_error';

/** Why a stream was refused; label in `nuts_connections_rejected_total`. */
export type RejectionReason =
  | 'max_connections'
  | 'max_connections_per_client'
  | 'stream_consumer_limit'
  | 'auth_missing_token'
  | 'auth_invalid_token'
  | 'auth_topic_forbidden';

/** Why a consumer was lost; label in `nuts_consumer_invalidated_total`. */
export type InvalidationReason =
  'recreated' | 'unrecoverable' | 'stream_recreated' | 'stream_rewound';
/** What was being written when a write failed; label in `nuts_write_disconnects_total`. */
export type WriteSite = 'connected' | 'message' | 'heartbeat';
/** Why a probe failed; label in `nuts_readiness_failures_total`. */
export type ReadinessFailureCause =
  'nats_disconnected' | 'jetstream_missing' | 'stream_info_error' | 'tail_stalled';
/** Label in `nuts_nats_connection_events_total`. */
export type NatsConnectionEvent = 'disconnect' | 'reconnect' | 'closed' | 'lame_duck';
/** Label in `nuts_nats_async_errors_total`. */
export type NatsAsyncErrorKind =
  'slow_consumer' | 'timeout' | 'connection_state' | 'consumer_invalidated' | 'other';
/** Transitions of a session between its channel and its own reading; label in `nuts_shared_transitions_total`. */
export type SharedTransition = 'joined' | 'fell_behind' | 'shared_failed';

/** The encoding of a stream's body; label in `nuts_sent_bytes_total`. */
export type StreamEncoding = 'identity' | 'gzip';

/** The result of publishing a message over HTTP; label in `nuts_publishes_total`. */
export type PublishResult =
  | 'stored'
  | 'duplicate'
  | 'conflict' // `If-Match` or `If-None-Match` failed
  | 'refused' // by the service, or by the stream
  | 'unavailable' // NATS is away: nothing was stored
  | 'unknown'; // no acknowledgement came: it may be stored

/** The start of a stream without a cursor; label in `nuts_starts_total`. */
export type StreamStart = 'live' | 'all' | 'last' | 'count' | 'time';

/** The result of a page of history; label in `nuts_pages_total`. */
export type PageResult =
  | 'answered'
  | 'cut' // before its time: the rest is in the next page
  | 'left' // the client did not take all of it
  | 'refused'; // answered with a status

/** Records the metrics of one hub. */
export interface HubMetrics {
  connectionOpened(): void;
  connectionClosed(): void;
  /** Called once per stream, or per request answered with a retry stream, with the reason of its end. */
  streamClosed(reason: DisconnectReason): void;
  /** Messages written, without gaps, summed over clients. Called once per write, not per frame. */
  delivered(messages: number): void;
  /**
   * Bytes written after the first frame, before and after compression; equal for `identity`. Called once
   * per write.
   */
  sent(encoding: StreamEncoding, plainBytes: number, wireBytes: number): void;
  /** Called once per message and hub, not per client. */
  dropped(reason: DropReason): void;
  slowClientDisconnected(): void;
  /** A stream without a cursor. */
  started(start: StreamStart): void;
  /** Called once per page of history. */
  paged(result: PageResult): void;
  replayRequested(): void;
  replayFellBack(): void;
  replayCapReached(): void;
  subscriptionFailed(): void;
  rejected(reason: RejectionReason): void;
  consumerInvalidated(reason: InvalidationReason): void;
  writeDisconnected(site: WriteSite): void;
  sharedTransition(transition: SharedTransition): void;
  /**
   * Time from storing to writing, in seconds; live messages only. Costs about 0.4 µs: call it once per
   * flush of a channel, not per client. Negative values count as 0.
   */
  deliveryLag(seconds: number): void;
  /** Messages joined into one write of a channel. */
  fanoutBatch(messages: number): void;
  replayConsumers(count: number): void;
  /** Number of replays waiting for a slot. */
  replaysWaiting(count: number): void;
  /** A replay received a slot after this time, in seconds. */
  replayWaited(seconds: number): void;
  window(messages: number, bytes: number): void;
  /** Newest messages of single subjects held beyond the window. */
  lastValues(messages: number, bytes: number): void;
  sharedSubscriptions(count: number): void;
  /**
   * Called once per publish request over HTTP.
   *
   * @param seconds from the request to its result; undefined if nothing was sent to NATS
   */
  published(result: PublishResult, seconds: number | undefined): void;
  /** The hub was closed: its gauges are removed. Counters and histograms stay, as Prometheus requires. */
  close(): void;
}

/** The port for all metrics. Bind `NUTS_METRICS` to replace it. */
export interface NutsMetrics {
  /** The metrics of one hub; the same object for the same name until it is closed. */
  hub(name: string): HubMetrics;
  /** The metrics of one entry of `services`. Without this method, requests to services are not recorded. */
  service?(name: string): ServiceMetrics;
  readinessFailed(cause: ReadinessFailureCause): void;
  natsEvent(event: NatsConnectionEvent): void;
  natsError(kind: NatsAsyncErrorKind): void;
}

export const NUTS_METRICS = Symbol('NutsMetrics');

/** Injects the application's `NutsMetrics`. */
export const InjectNutsMetrics = (): ParameterDecorator & PropertyDecorator => Inject(NUTS_METRICS);
