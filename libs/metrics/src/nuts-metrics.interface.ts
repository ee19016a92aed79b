import { Inject } from '@nestjs/common';
import type { ServiceMetrics } from './service-metrics.interface.js';

/** Why a stream ended; labels `nuts_stream_closed_total` and the log (contract §8). */
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

/** Why nobody got a message; labels `nuts_messages_dropped_total`. */
export type DropReason =
  | 'raw_payload'
  | 'formatted_sse_message'
  | 'replay_window'
  | 'control_message'
  | 'raw_not_text'
  | 'mapper_dropped'
  | 'mapper_error';

/** Why a stream did not begin; labels `nuts_connections_rejected_total`. */
export type RejectionReason =
  | 'max_connections'
  | 'max_connections_per_client'
  | 'stream_consumer_limit'
  | 'auth_missing_token'
  | 'auth_invalid_token'
  | 'auth_topic_forbidden';

/** What became of a consumer; labels `nuts_consumer_invalidated_total`. */
export type InvalidationReason =
  'recreated' | 'unrecoverable' | 'stream_recreated' | 'stream_rewound';
/** What was being written when a write failed; labels `nuts_write_disconnects_total`. */
export type WriteSite = 'connected' | 'message' | 'heartbeat';
/** Why a probe failed; labels `nuts_readiness_failures_total`. */
export type ReadinessFailureCause =
  'nats_disconnected' | 'jetstream_missing' | 'stream_info_error' | 'tail_stalled';
/** Labels `nuts_nats_connection_events_total`. */
export type NatsConnectionEvent = 'disconnect' | 'reconnect' | 'closed' | 'lame_duck';
/** Labels `nuts_nats_async_errors_total`. */
export type NatsAsyncErrorKind =
  'slow_consumer' | 'timeout' | 'connection_state' | 'consumer_invalidated' | 'other';
/** How a session changes sides between a channel and its own pace; labels `nuts_shared_transitions_total`. */
export type SharedTransition = 'joined' | 'fell_behind' | 'shared_failed';

/** How a stream's body goes over the wire; labels `nuts_sent_bytes_total`. */
export type StreamEncoding = 'identity' | 'gzip';

/** What became of a message published over HTTP; labels `nuts_publishes_total`. */
export type PublishResult =
  | 'stored'
  | 'duplicate'
  | 'conflict' // `If-Match` or `If-None-Match` failed
  | 'refused' // by the service, or by the stream
  | 'unavailable' // NATS is away: nothing was stored
  | 'unknown'; // no acknowledgement came: it may be stored

/** What a stream without a cursor began with; labels `nuts_starts_total`. */
export type StreamStart = 'live' | 'all' | 'last' | 'count' | 'time';

/** How a page of history ended; labels `nuts_pages_total`. */
export type PageResult =
  | 'answered'
  | 'cut' // before its time: the rest is in the next page
  | 'left' // the client did not take all of it
  | 'refused'; // answered with a status

/** What the engine reports, where it happens. One object a hub: `hub` is bound once. */
export interface HubMetrics {
  connectionOpened(): void;
  connectionClosed(): void;
  /** Once a stream or a refused-by-retry-stream request, with its end's reason. */
  streamClosed(reason: DisconnectReason): void;
  /** Messages written, gaps excluded, summed over clients: called once a write, not once a frame. */
  delivered(messages: number): void;
  /**
   * Bytes of a body that were written, frames after the first one: before and after compression, the
   * same for `identity`. Called once a write.
   */
  sent(encoding: StreamEncoding, plainBytes: number, wireBytes: number): void;
  /** Once a message and hub, not once a client. */
  dropped(reason: DropReason): void;
  slowClientDisconnected(): void;
  /** A stream without a cursor. */
  started(start: StreamStart): void;
  /** Once a page of history. */
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
   * Seconds from the stored time to the write, of live messages only. About 0.4 µs: call it once
   * for a flush of a channel, not once for each client of it. Negative values count as 0.
   */
  deliveryLag(seconds: number): void;
  /** Messages joined into one write of a channel. */
  fanoutBatch(messages: number): void;
  replayConsumers(count: number): void;
  /** Replays that wait for a slot. */
  replaysWaiting(count: number): void;
  /** A replay was given a slot after so many seconds. */
  replayWaited(seconds: number): void;
  window(messages: number, bytes: number): void;
  /** Newest messages of single subjects, held beyond the window. */
  lastValues(messages: number, bytes: number): void;
  sharedSubscriptions(count: number): void;
  /**
   * Once a publish request over HTTP.
   *
   * @param seconds from the request to its result; undefined when nothing was sent to NATS
   */
  published(result: PublishResult, seconds: number | undefined): void;
  /** The hub is gone: its gauges leave the scrape. Counters and histograms stay, as Prometheus wants. */
  close(): void;
}

/** The port through which everything is observed. Bind `NUTS_METRICS` to replace it. */
export interface NutsMetrics {
  /** The hub's own face; the same object for the same name until it is closed. */
  hub(name: string): HubMetrics;
  /** The face of one entry of `services`. Without it, requests to services are not observed. */
  service?(name: string): ServiceMetrics;
  readinessFailed(cause: ReadinessFailureCause): void;
  natsEvent(event: NatsConnectionEvent): void;
  natsError(kind: NatsAsyncErrorKind): void;
}

export const NUTS_METRICS = Symbol('NutsMetrics');

/** Injects the `NutsMetrics` of the application. */
export const InjectNutsMetrics = (): ParameterDecorator & PropertyDecorator => Inject(NUTS_METRICS);
