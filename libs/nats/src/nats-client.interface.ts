import type { Observable } from 'rxjs';
import type { NatsMessaging } from './messaging/nats-messaging.interface.js';
import type { NatsEvent } from './nats-event.interface.js';
import type { NatsConnectErrorKind } from './nats.errors.js';
import type { StreamMessage } from './stream-message.js';

/** The status of a client. `closed` is final: the reconnect attempts are used up, or it was closed. */
export type NatsStatus = 'connecting' | 'connected' | 'disconnected' | 'closed';

/** Stream info: configuration and state at one time. Sequences are exact up to 2^53. */
export interface StreamFacts {
  readonly name: string;
  /** Empty for mirrors and for streams that only have sources. */
  readonly subjects: readonly string[];
  /**
   * Whether the stream may contain subjects that it does not list: from other streams, or renamed by a
   * `subject_transform`.
   */
  readonly hasSources: boolean;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Stored time of the last message, ns since 1970; 0n if the stream never had one. */
  readonly lastTimeNanos: bigint;
  /** Creation time as the server formats it (RFC 3339, ns): with the name, the stream's identity. */
  readonly created: string;
  readonly retention: 'limits' | 'interest' | 'workqueue';
  readonly storage: 'file' | 'memory';
  readonly replicas: number;
  readonly messages: number;
  readonly bytes: number;
  readonly consumers: number;
  readonly maxMessages: number;
  readonly maxBytes: number;
  /** 0 = no limit. */
  readonly maxAgeSeconds: number;
  /** -1 = no limit of its own. */
  readonly maxConsumers: number;
  readonly allowDirect: boolean;
  /** Messages kept per subject; -1 = no limit. */
  readonly maxMessagesPerSubject: number;
  /** A message's `Nats-Rollup` header removes earlier messages. */
  readonly appliesRollups: boolean;
  /** A message's `Nats-TTL` header limits its life. */
  readonly appliesMessageTtl: boolean;
  /**
   * How far the server's clock is ahead of `steadyNow`, in ms; possibly lower by the response's latency,
   * never higher. Undefined for servers before 2.10. Read by `streamNow`.
   */
  readonly clockAheadMs?: number;
  /** The stream's `consumer_limits.inactive_threshold` in ms, if set. */
  readonly maxInactiveThresholdMs?: number;
}

/**
 * Where a reader starts. The server accepts a sequence beyond the stream's end and waits. `lastPerSubject`:
 * the newest message of each subject when the consumer is created, in order; then everything stored
 * afterwards.
 */
export type ReaderStart =
  | { readonly sequence: number }
  | { readonly timeNanos: bigint }
  | { readonly lastPerSubject: true };

/** The consumer to create. All consumers are ephemeral, in memory, without acknowledgements, and named `nuts_…`. */
export interface ReaderOptions {
  readonly stream: string;
  readonly start: ReaderStart;
  /**
   * Subjects to read; empty = all. The reader sends them to the server only if that is correct and cheaper:
   * usually for one filter (before 2.9.15 a filter can be slow), for several from 2.14.7 on. Otherwise it
   * reads more, and the caller filters.
   */
  readonly filters: readonly string[];
  /** The server deletes the consumer after this time without a pull, in ms. */
  readonly inactiveThresholdMs?: number;
  /** Omit the payloads. Default false. */
  readonly headersOnly?: boolean;
}

/** The result of a pull. */
export interface PullResult {
  readonly messages: readonly StreamMessage[];
  /**
   * Whether the server had no more messages at that time. A hint, not a proof: during publishing, a pull
   * can return empty while thousands of messages are pending.
   */
  readonly dry: boolean;
}

/** A consumer that is read by explicit pulls only. */
export interface PullReader {
  readonly name: string;
  /** Number of pending messages when the consumer was created. Undefined if the server filters more widely. */
  readonly pending?: number | undefined;
  /**
   * At most `batch` messages and about `maxBytes` bytes (one larger message is delivered alone). Returns as
   * soon as the server has no more. Messages are in order and without a gap in the delivery sequence;
   * otherwise it rejects with a `NatsReadError`.
   */
  pull(batch: number, maxBytes: number): Promise<PullResult>;
  /** Deletes the consumer on the server. Never rejects; may be called twice and during a pull. */
  close(): Promise<void>;
}

/** Options of a followed consumer. */
export interface FollowOptions extends ReaderOptions {
  /** Interval of the server's idle heartbeats, in ms. Two missed ones end the reading. */
  readonly idleHeartbeatMs: number;
  /** Messages to request in advance. Default 1000. */
  readonly prefetch?: number;
  /** Called when the consumer was created, and for each message and idle heartbeat. */
  readonly onAlive?: () => void;
}

/** A message with its sequence and stored time, as a direct read returns it. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly timeNanos: bigint;
  /** Undefined if the message has none; decoded on access. */
  readonly headers?: StreamMessage['headers'];
}

/** How a message is stored. */
export interface PublishOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Within the stream's duplicate window, a second message with this ID is not stored. */
  readonly messageId?: string;
  /** The stream that must store it; undefined = any stream with this subject. */
  readonly stream?: string;
  /** Store only if this is the sequence of the subject's newest message; 0 = only if it has none. */
  readonly lastSequence?: number | bigint;
}

/** The stream's acknowledgement. */
export interface PublishAck {
  /** The stored sequence; for a duplicate, the first message's. */
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** The server of the current connection. */
export interface NatsServerInfo {
  readonly version: string;
  readonly name?: string;
  readonly cluster?: string;
  readonly domain?: string;
}

/**
 * One NATS system with JetStream: the only interface to NATS that the other libraries use. Replays read
 * over a separate connection, so that the tail never waits.
 */
export interface NatsClient {
  readonly status: NatsStatus;
  /** Emits the current status on subscription, then every change. */
  readonly status$: Observable<NatsStatus>;
  /** The first tokens of the inbox subjects, for responses and deliveries. Default `_INBOX`. */
  readonly inboxPrefix?: string;
  /**
   * Why the latest attempts to connect failed; undefined while connected. If servers fail differently, the
   * failure that an operator must fix. Optional for your own client.
   */
  readonly failure?: NatsConnectErrorKind | undefined;
  /** The connected server; undefined if there is none. */
  readonly server: NatsServerInfo | undefined;
  /** Maximum message size of the connected server in bytes, including headers. */
  readonly maxPayload?: number | undefined;
  /**
   * Resolves at the first connection. Stays pending while no server responds, because the client retries.
   * Rejects with a `NatsConnectError` for refused credentials, a failed TLS check or an invalid option
   * (contract §7), and if the client is closed first.
   */
  readonly ready: Promise<void>;
  /** Connection events, for logs and metrics; completes when the client is closed. */
  readonly events$: Observable<NatsEvent>;
  /** Core NATS and services, on the main connection; optional for your own client. */
  readonly messaging?: NatsMessaging;
  /** Requests current stream info. Rejects with a `NatsReadError`. */
  streamFacts(stream: string): Promise<StreamFacts>;
  /**
   * The message at a sequence; undefined if it no longer exists. With `allow_direct`, any replica may
   * return the message, but only the leader confirms that there is none.
   */
  messageAt(stream: string, sequence: number): Promise<StoredMessage | undefined>;
  /**
   * The first retained message of a subject (wildcards allowed) at or after a sequence. Read from replicas
   * and leader like `messageAt`.
   */
  nextMessage(
    stream: string,
    sequence: number,
    subject: string,
  ): Promise<StoredMessage | undefined>;
  /**
   * The newest retained message of a subject (wildcards allowed). Always from the leader: a lagging replica
   * would return an older one, and callers use this as proof.
   */
  lastMessage(stream: string, subject: string): Promise<StoredMessage | undefined>;
  /**
   * A continuously read consumer, for the tail: emits messages in order, synchronously on arrival. Errors
   * with a `NatsReadError` at the first gap, loss of the consumer, missed heartbeats or lost connection.
   * Unsubscribing at any time deletes the consumer on the server.
   */
  follow(options: FollowOptions): Observable<StreamMessage>;
  /** Creates a consumer for one replay, on the second connection. Rejects with a `NatsReadError`. */
  openPull(options: ReaderOptions): Promise<PullReader>;
  /**
   * Publishes to JetStream and resolves when the stream has stored the message. Rejects with a
   * `NatsPublishError`, after 5 s without an acknowledgement with one of kind `unknown`.
   */
  publish(subject: string, data: Uint8Array, options?: PublishOptions): Promise<PublishAck>;
  /** Deletes the open consumers, if the server can be reached, and disconnects. */
  close(): Promise<void>;
}
