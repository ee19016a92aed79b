import type { AccessOptions, CorsOptions, RequestedStart } from '@nuts/auth';
import type { NatsOptions } from '@nuts/nats';
import type { HubMapper } from '../mapping/message-mapper.interface.js';

/** How messages become frames. Hubs of equal format on one tail share the frames as well. */
export interface FrameFormat {
  /** Names of events: `message`, the topic, or a NATS header's value. `event_type`; default `message`. */
  readonly eventType:
    { readonly from: 'message' | 'topic' } | { readonly from: 'header'; readonly header: string };
  /** Topic, payload and time as JSON, or the payload itself. `payload_format`; default `envelope`. */
  readonly payload: 'envelope' | 'raw';
  /** Whether ids hold the stored time too. `event_id_format`; default `sequence`. */
  readonly eventId: 'sequence' | 'sequence_time';
  /**
   * Largest frame in bytes; undefined = no limit. The raw payload is checked first. `max_event_size`;
   * default 1 MiB.
   */
  readonly maxEventBytes?: number;
  /** Announce messages that cannot be delivered. `gap_events`; default true. */
  readonly gapEvents: boolean;
  /** A message's `traceparent` header goes into the envelope as `trace`. `trace_context`; default false. */
  readonly traceContext?: boolean;
  /**
   * Each message does something to a key: `operation` says what, and keys that are gone have no value.
   * Follows `kvBucket`.
   */
  readonly keyOperations?: boolean;
}

/** How messages are taken over HTTP (contract §10). */
export interface PublishRules {
  /** Everybody may write, where the hub has no `access`. `publish_anonymous`; default false. */
  readonly anonymous: boolean;
  /** Largest body in bytes; the server's `max_payload` holds as well. `publish_max_bytes`; default 1 MiB. */
  readonly maxBytes: number;
  /** Messages a second for each client; undefined = no limit. `publish_rate`; default none. */
  readonly rate?: number;
  /** NATS headers that a client may set by `Nuts-Header-<Name>`. `publish_headers`; default none. */
  readonly headers: readonly string[];
}

/**
 * One hub, complete; `completeHub` fills in the defaults that are told here. Times in ms, sizes in bytes.
 * Each field names the setting of the service that it is: log lines and errors speak of these.
 */
export interface HubOptions {
  /** Labels metrics and logs; unique. Default: the path. */
  readonly name: string;
  /** Begins with a slash, has none at its end; `/` alone takes every path. */
  readonly path: string;
  /** How NATS is reached. Hubs with equal options share one connection. */
  readonly nats: NatsOptions;
  /** The JetStream stream; it must exist. `stream_name`; of a bucket, that of its keys. */
  readonly stream: string;
  /**
   * Put before a topic to get the subject, its dot included. `topic_prefix`; default empty, of a bucket
   * that of its keys.
   */
  readonly topicPrefix: string;
  /**
   * The key-value bucket that the hub is over, instead of a stream: topics are keys. It must exist.
   * `kv_bucket`; default none.
   */
  readonly kvBucket?: string;
  /** Topics may hold `*` and `>`. `allow_wildcards`; default false. */
  readonly allowWildcards: boolean;
  /** Distinct topics of one request; undefined = no limit. Default 32. */
  readonly maxTopics?: number;
  /** How tokens are checked, by the guard that you bind. Undefined = open to everybody, the default. */
  readonly access?: AccessOptions;
  readonly cors: CorsOptions;
  readonly format: FrameFormat;
  /** Changes or drops messages before clients get them; see `MessageMapper`. Default: none. */
  readonly mapper?: HubMapper;
  /** Silence after which a comment is sent. `heartbeat_interval`; default 30 000. */
  readonly heartbeatMs: number;
  /** Idle heartbeat of the tail's consumer, below 15 000. Default 10 000. */
  readonly natsIdleHeartbeatMs: number;
  /** Streams at a time; undefined = no limit, the default. */
  readonly maxConnections?: number;
  /** Streams at a time for one subject, or one address (of IPv6, one /64); undefined = no limit, the default. */
  readonly maxConnectionsPerClient?: number;
  /** `GET {path}/presence` tells who listens. `presence`; default false. */
  readonly presence: boolean;
  /** Streams that open and close are told to the fleet. `lifecycle`; default false. */
  readonly lifecycle: boolean;
  /** Who may write, and how much; undefined = nobody, the default. Served by `@nuts/publishing`. */
  readonly publish?: PublishRules;
  /** Frames on their way to one client. Default 64. */
  readonly clientBufferSize: number;
  /** A client that makes no progress for so long is cut; undefined = off. Default 30 000. */
  readonly writeTimeoutMs?: number;
  /** History after which a stream ends, and its client comes back; undefined = no limit, the default. */
  readonly replayMaxMessages?: number;
  /** How old history may be; undefined = no limit, the default. */
  readonly replayWindowMs?: number;
  /**
   * Where a stream starts when the request has neither a cursor nor a `start`. `default_start`; default
   * `live`, over a bucket `last`.
   */
  readonly defaultStart?: RequestedStart;
  /** The `retry:` of the connected event; undefined = none, the default. */
  readonly sseRetryMs?: number;
  /** Mean of the jittered delay in transient answers. `transient_retry`; default 5 000. */
  readonly transientRetryMs: number;
  /**
   * Compresses streams for clients that take gzip: once for all of a channel. `compression`; default
   * `off`, since lengths of encrypted traffic can tell something of its content.
   */
  readonly compression: 'off' | 'gzip';
  /** Public address for `Link: <…>; rel="nuts"`; undefined = no header on streams, the default. */
  readonly hubUrl?: string;
  /** Newest messages kept in memory; hubs of one stream and prefix share them. Default 8192. */
  readonly windowMaxMessages: number;
  /** Their bytes at most. Default 64 MiB. */
  readonly windowMaxBytes: number;
  /**
   * Newest messages of single subjects kept beyond the window, for `start=last`; 0 = none. Shared as the window
   * is. `last_values_max_messages`; default 10 000.
   */
  readonly lastValuesMaxMessages: number;
  /** Their bytes at most; 0 = none. `last_values_max_bytes`; default 16 MiB. */
  readonly lastValuesMaxBytes: number;
  /** Age at which a stream ends, ±10 %; undefined = none, the default. */
  readonly maxConnectionAgeMs?: number;
  /** Used by the service when it ends; an application drains as it likes. Default 0. */
  readonly drainDelayMs: number;
  /** As `drainDelayMs`. Default 5 000. */
  readonly drainWindowMs: number;
  /** Paths below the hub's, served by the `PROBE_RESPONDER`. Default `/healthz`, `/livez`, `/readyz`. */
  readonly probes: {
    readonly healthPath: string;
    readonly livePath: string;
    readonly readyPath: string;
    /** Show the server and the stream. `health_details`; default false. */
    readonly details: boolean;
  };
}
