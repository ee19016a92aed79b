import type { Observable } from 'rxjs';

/** A core NATS message. `data` is valid only during the call that delivers it. */
export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** The sender's reply subject; undefined if it wants none. */
  readonly reply?: string;
  /** Replies to the sender; false if it wants no reply or the reply cannot be sent. */
  respond(data: Uint8Array | string): boolean;
}

/** A reply to a request. `data` is valid only during the call that delivers it. */
export interface NatsReply {
  readonly data: Uint8Array;
  /** The code in the status line, sent by the server and some services; 0 = none. */
  readonly status: number;
  /** The text after that code. */
  readonly description: string;
  /** The first value of a header, with a case-insensitive name; undefined if there is none. */
  header(name: string): string | undefined;
}

/** A request to an endpoint of a service. */
export interface NatsServiceRequest extends NatsMessage {
  /**
   * Replies with a service error (`Nats-Service-Error-Code`, `Nats-Service-Error`).
   *
   * @param description one line; a service's client shows it
   */
  fail(code: number, description: string): boolean;
}

/** One endpoint of a service. */
export interface NatsServiceEndpoint {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  readonly subject: string;
  /**
   * Instances with the same queue share the requests. Default `q`: one instance of the service receives
   * each request.
   */
  readonly queue?: string;
  handle(request: NatsServiceRequest): void;
}

/** A service of the NATS services framework; `nats micro ls` lists its instances. */
export interface NatsServiceDefinition {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  /** A semantic version. */
  readonly version: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly endpoints: readonly NatsServiceEndpoint[];
  /** Additional data for each endpoint in `$SRV.STATS`. */
  readonly stats?: () => unknown;
}

/** A refused operation. */
export interface NatsDenial {
  readonly operation: string;
  readonly subject: string;
}

/**
 * Core NATS over a client's connection: nothing is stored or queued for a connection. Subscriptions are
 * restored on every new connection.
 */
export interface NatsMessaging {
  /** Returns false if there is no connection or the message is too large for the server; the message is dropped. */
  publish(subject: string, data: Uint8Array | string, reply?: string): boolean;
  /** Messages as they arrive, synchronously, while subscribed. Never errors. */
  messages(subject: string): Observable<NatsMessage>;
  /**
   * Sends a request on subscription and emits the replies as they arrive, synchronously and without a
   * limit; never completes. Each request has its own NATS subscription, which ends with this one, so that
   * the server stops sending.
   *
   * Errors with a `NatsRequestError`: immediately without a connection, a responder or permission; later if
   * the connection is lost.
   */
  request(subject: string, data: Uint8Array): Observable<NatsReply>;
  /**
   * Runs a service instance while subscribed, a new one on each connection; emits the ID of each. Never
   * errors: if the account refuses one of its subjects, {@link denied$} emits.
   */
  serve(service: NatsServiceDefinition): Observable<string>;
  /** Publishes and subscriptions refused by the server, including those of other users of the client. */
  readonly denied$: Observable<NatsDenial>;
}
