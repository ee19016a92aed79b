import type { AccessOptions, CorsOptions, RequestedStart } from '@nuts/auth';
import type { NatsOptions } from '@nuts/nats';
import type { HubMapper } from '../mapping/message-mapper.interface.js';

/** How messages become frames. Hubs on one tail with the same format share encoded frames. */
export interface FrameFormat {
  /**
   * Where the event name comes from: always `message`, the topic, or a NATS header. `event_type`; default
   * `message`.
   */
  readonly eventType:
    { readonly from: 'message' | 'topic' } | { readonly from: 'header'; readonly header: string };
  /** A JSON envelope with topic, payload and time, or the payload alone. `payload_format`; default `envelope`. */
  readonly payload: 'envelope' | 'raw';
  /** Whether event IDs include the stored time. `event_id_format`; default `sequence`. */
  readonly eventId: 'sequence' | 'sequence_time';
  /**
   * Largest frame in bytes; undefined = no limit. The raw payload is checked first. `max_event_size`;
   * default 1 MiB.
   */
  readonly maxEventBytes?: number;
  /** Send a `gap` event for each message that cannot be delivered. `gap_events`; default true. */
  readonly gapEvents: boolean;
  /** Copy a message's `traceparent` header into the envelope as `trace`. `trace_context`; default false. */
  readonly traceContext?: boolean;
  /**
   * Messages are operations on keys: the envelope has an `operation`, and deleted keys have no value. Set
   * by `kvBucket`.
   */
  readonly keyOperations?: boolean;
}

/** Rules for publishing over HTTP (contract §10). */
export interface PublishRules {
  /** Anyone may publish, if the hub has no `access`. `publish_anonymous`; default false. */
  readonly anonymous: boolean;
  /** Largest body in bytes; the server's `max_payload` also applies. `publish_max_bytes`; default 1 MiB. */
  readonly maxBytes: number;
  /** Messages per second and client; undefined = no limit. `publish_rate`; default none. */
  readonly rate?: number;
  /** NATS headers that clients may set with `Nuts-Header-<Name>`. `publish_headers`; default none. */
  readonly headers: readonly string[];
}

/**
 * The complete options of one hub; `completeHub` adds the defaults documented here. Times are in ms, sizes
 * in bytes. Each field names the service's setting with the same meaning, because log lines and errors use
 * the setting names.
 */
export interface HubOptions {
  /** Label in metrics and logs; unique. Default: the path. */
  readonly name: string;
  /** Starts with a slash and does not end with one; `/` alone handles all paths. */
  readonly path: string;
  /** The connection to NATS. Hubs with equal options share one connection. */
  readonly nats: NatsOptions;
  /** The JetStream stream; it must exist. `stream_name`; for a bucket, derived from its name. */
  readonly stream: string;
  /**
   * Prefix that turns a topic into a subject, including the dot. `topic_prefix`; default empty; for a
   * bucket, derived from its name.
   */
  readonly topicPrefix: string;
  /**
   * The key-value bucket that the hub serves instead of a stream; its keys are the topics. It must exist.
   * `kv_bucket`; default none.
   */
  readonly kvBucket?: string;
  /** Topics may contain `*` and `>`. `allow_wildcards`; default false. */
  readonly allowWildcards: boolean;
  /** Distinct topics per request; undefined = no limit. Default 32. */
  readonly maxTopics?: number;
  /** How tokens are verified, by the guard that you bind. Undefined = open to everyone, the default. */
  readonly access?: AccessOptions;
  readonly cors: CorsOptions;
  readonly format: FrameFormat;
  /** Changes or drops messages before clients receive them; see `MessageMapper`. Default: none. */
  readonly mapper?: HubMapper;
  /** Send a comment after this time without a frame. `heartbeat_interval`; default 30 000. */
  readonly heartbeatMs: number;
  /** Idle heartbeat of the tail's consumer, below 15 000. Default 10 000. */
  readonly natsIdleHeartbeatMs: number;
  /** Concurrent streams; undefined = no limit, the default. */
  readonly maxConnections?: number;
  /** Concurrent streams per token subject or address (IPv6: per /64); undefined = no limit, the default. */
  readonly maxConnectionsPerClient?: number;
  /** Serve `GET {path}/presence`, which lists the subscribers. `presence`; default false. */
  readonly presence: boolean;
  /** Announce opened and closed streams to the fleet. `lifecycle`; default false. */
  readonly lifecycle: boolean;
  /** Rules for publishing over HTTP; undefined = off, the default. Served by `@nuts/publishing`. */
  readonly publish?: PublishRules;
  /** Frames buffered for one client. Default 64. */
  readonly clientBufferSize: number;
  /** Disconnect a client that makes no progress for this time; undefined = off. Default 30 000. */
  readonly writeTimeoutMs?: number;
  /**
   * End a stream after this number of historical messages, so that the client reconnects; undefined = no
   * limit, the default.
   */
  readonly replayMaxMessages?: number;
  /** Maximum age of replayed history; undefined = no limit, the default. */
  readonly replayWindowMs?: number;
  /**
   * Start value for requests with neither a cursor nor a `start`. `default_start`; default `live`, for a
   * bucket `last`.
   */
  readonly defaultStart?: RequestedStart;
  /** The `retry:` of the connected event; undefined = none, the default. */
  readonly sseRetryMs?: number;
  /** Mean delay in transient answers, before jitter. `transient_retry`; default 5 000. */
  readonly transientRetryMs: number;
  /**
   * Compress streams for clients that accept gzip, once per channel. `compression`; default `off`, because
   * the length of encrypted traffic can reveal parts of its content.
   */
  readonly compression: 'off' | 'gzip';
  /** Public URL for `Link: <…>; rel="nuts"`; undefined = no header on streams, the default. */
  readonly hubUrl?: string;
  /** Newest messages kept in memory. Hubs with the same stream and prefix share them. Default 8192. */
  readonly windowMaxMessages: number;
  /** Maximum size of the window in bytes. Default 64 MiB. */
  readonly windowMaxBytes: number;
  /**
   * Newest messages of single subjects kept beyond the window, for `start=last`; 0 = none. Shared like the
   * window. `last_values_max_messages`; default 10 000.
   */
  readonly lastValuesMaxMessages: number;
  /** Maximum size of the last values in bytes; 0 = none. `last_values_max_bytes`; default 16 MiB. */
  readonly lastValuesMaxBytes: number;
  /** Age at which a stream is closed, ±10 %; undefined = none, the default. */
  readonly maxConnectionAgeMs?: number;
  /** Delay before a drain. Used only by the service's shutdown. Default 0. */
  readonly drainDelayMs: number;
  /** Duration of a drain. Used only by the service's shutdown. Default 5 000. */
  readonly drainWindowMs: number;
  /**
   * Probe paths below the hub's path, answered by the `PROBE_RESPONDER`. Default `/healthz`, `/livez`,
   * `/readyz`.
   */
  readonly probes: {
    readonly healthPath: string;
    readonly livePath: string;
    readonly readyPath: string;
    /** Include the server and the stream in the answers. `health_details`; default false. */
    readonly details: boolean;
  };
}
