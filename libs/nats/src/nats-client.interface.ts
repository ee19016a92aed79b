import type { Observable } from 'rxjs';
import type { NatsMessaging } from './messaging/nats-messaging.interface.js';
import type { NatsEvent } from './nats-event.interface.js';
import type { StreamMessage } from './stream-message.js';

/** Where a client stands. `closed` is final: the reconnect attempts are used up, or it was closed. */
export type NatsStatus = 'connecting' | 'connected' | 'disconnected' | 'closed';

/** What a stream is and holds, at one moment. Sequences are exact up to 2^53. */
export interface StreamFacts {
  readonly name: string;
  /** Empty for mirrors and for streams that only have sources. */
  readonly subjects: readonly string[];
  /**
   * True when the stream may hold subjects that it does not list: they come from elsewhere, or are
   * stored under another name (`subject_transform`).
   */
  readonly hasSources: boolean;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Stored time of the last message, ns since 1970; 0n for a stream that never had one. */
  readonly lastTimeNanos: bigint;
  /** Creation time as the server writes it (RFC 3339, ns): with the name, the stream's identity. */
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
  /** -1 = no limit of the stream's own. */
  readonly maxConsumers: number;
  readonly allowDirect: boolean;
  /** Messages that the stream keeps of one subject; -1 = no limit. */
  readonly maxMessagesPerSubject: number;
  /** A stored message's `Nats-Rollup` header removed what came before it. */
  readonly appliesRollups: boolean;
  /** A stored message's `Nats-TTL` header ends its life. */
  readonly appliesMessageTtl: boolean;
  /**
   * How far the server's clock is ahead of this process's, in ms; late by the answer's way at most,
   * never early. Servers before 2.10 do not tell.
   */
  readonly clockAheadMs?: number;
  /** The stream's `consumer_limits.inactive_threshold` in ms, when it sets one. */
  readonly maxInactiveThresholdMs?: number;
}

/**
 * Where a reader starts. A sequence past the stream's end is accepted by the server and waits.
 * `lastPerSubject`: the newest message of each subject that the stream holds when the consumer is made, in
 * order; then everything that was stored after that moment.
 */
export type ReaderStart =
  | { readonly sequence: number }
  | { readonly timeNanos: bigint }
  | { readonly lastPerSubject: true };

/** A consumer to be made. All are ephemeral, named `nuts_…`, without acknowledgement, in memory. */
export interface ReaderOptions {
  readonly stream: string;
  readonly start: ReaderStart;
  /**
   * Subjects to read; empty reads all. The reader sends them to the server only where that is
   * correct and saves something: one mostly (before 2.9.15 a filter can be dear), several from
   * 2.14.7 on; else it reads wider, and the caller matches.
   */
  readonly filters: readonly string[];
  /** The server drops the consumer after so long without a pull, in ms. */
  readonly inactiveThresholdMs?: number;
  /** Leaves the payloads out. Default false. */
  readonly headersOnly?: boolean;
}

/** What one pull brought. */
export interface PullResult {
  readonly messages: readonly StreamMessage[];
  /**
   * True when the server had nothing more at that moment. A hint, never proof: a pull under
   * publishing can come back empty while thousands of messages wait.
   */
  readonly dry: boolean;
}

/** A consumer that is read by explicit pulls: nothing comes that was not asked for. */
export interface PullReader {
  readonly name: string;
  /**
   * How many messages waited when the consumer was made. Undefined where the server was asked for more
   * than the filters.
   */
  readonly pending?: number | undefined;
  /**
   * At most `batch` messages and about `maxBytes` bytes (one larger message comes alone); returns
   * as soon as the server has no more. Messages come in order without a hole in the delivery
   * sequence, else it rejects with a `NatsReadError`.
   */
  pull(batch: number, maxBytes: number): Promise<PullResult>;
  /** Deletes the consumer on the server. Never rejects; safe to call twice and while pulling. */
  close(): Promise<void>;
}

/** What a followed consumer reports besides messages. */
export interface FollowOptions extends ReaderOptions {
  /** Interval of the server's idle heartbeats, in ms. Two missed ones end the reading. */
  readonly idleHeartbeatMs: number;
  /** Messages asked for ahead. Default 1000. */
  readonly prefetch?: number;
  /** Called for every sign of life: the consumer was made, a message, an idle heartbeat. */
  readonly onAlive?: () => void;
}

/** A message with the sequence and the time of its storage, as a direct read returns it. */
export interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly timeNanos: bigint;
  /** Undefined when the message has none; decoded on access. */
  readonly headers?: StreamMessage['headers'];
}

/** How a message is stored. */
export interface PublishOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Within the stream's duplicate window, a second message of this id is not stored. */
  readonly messageId?: string;
  /** The stream that has to store it; without it, whichever takes the subject. */
  readonly stream?: string;
  /** Stored only if this is the sequence of the subject's newest message; 0 = if it has none. */
  readonly lastSequence?: number | bigint;
}

/** The stream's acknowledgement. */
export interface PublishAck {
  /** The stored sequence; of a duplicate, that of the first one. */
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** The server behind the live connection. */
export interface NatsServerInfo {
  readonly version: string;
  readonly name?: string;
  readonly cluster?: string;
  readonly domain?: string;
}

/**
 * One NATS system, seen through JetStream: the only face of the broker that the other libraries
 * know. Reads for replays go over a connection of their own, so that the tail never waits.
 */
export interface NatsClient {
  readonly status: NatsStatus;
  /** Emits the current status on subscription, then every change. */
  readonly status$: Observable<NatsStatus>;
  /** The first tokens of the subjects that answers and deliveries come to. Default `_INBOX`. */
  readonly inboxPrefix?: string;
  /** The connected server; undefined while there is none. */
  readonly server: NatsServerInfo | undefined;
  /** Largest message that the connected server takes, in bytes, its headers included. */
  readonly maxPayload?: number | undefined;
  /**
   * Resolves at the first connection. Stays pending while nobody answers, since the client goes on
   * trying; rejects with a `NatsConnectError` on refused credentials, a failed TLS check or an
   * option that cannot work (contract §7), and when the client is closed before.
   */
  readonly ready: Promise<void>;
  /** What happens to the connections, for logs and metrics; completes when the client is closed. */
  readonly events$: Observable<NatsEvent>;
  /** Core NATS and its services, on the main connection; a client of your own may do without. */
  readonly messaging?: NatsMessaging;
  /** The stream's facts, read now. Rejects with a `NatsReadError`. */
  streamFacts(stream: string): Promise<StreamFacts>;
  /**
   * The message at a sequence; undefined when there is none any more. On a stream with
   * `allow_direct` any replica may give the message, but only the leader says that there is none.
   */
  messageAt(stream: string, sequence: number): Promise<StoredMessage | undefined>;
  /**
   * The first retained message of a subject (wildcards allowed) at or after a sequence. Asked of
   * replicas and leader as `messageAt`.
   */
  nextMessage(
    stream: string,
    sequence: number,
    subject: string,
  ): Promise<StoredMessage | undefined>;
  /**
   * The newest retained message of a subject (wildcards allowed). Always the leader's answer: a
   * replica that lags would name an older one, and callers take this as proof.
   */
  lastMessage(stream: string, subject: string): Promise<StoredMessage | undefined>;
  /**
   * A consumer that is read without end, for the tail: messages in order, synchronously as they
   * arrive. Errors with a `NatsReadError` at the first hole, loss of the consumer, missed heartbeats
   * or lost connection; unsubscribing at any moment deletes the consumer on the server.
   */
  follow(options: FollowOptions): Observable<StreamMessage>;
  /** A consumer for one replay, on the second connection. Rejects with a `NatsReadError`. */
  openPull(options: ReaderOptions): Promise<PullReader>;
  /**
   * Publishes into JetStream and resolves when the stream has stored the message. Rejects with a
   * `NatsPublishError`; of kind `unknown` after 5 s without an acknowledgement.
   */
  publish(subject: string, data: Uint8Array, options?: PublishOptions): Promise<PublishAck>;
  /** Deletes the open consumers, as far as the server can be reached, and disconnects. */
  close(): Promise<void>;
}
