import type { Observable } from 'rxjs';

/** A message of core NATS. `data` is valid during the call that delivers it. */
export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Where the sender waits for answers; undefined when it wants none. */
  readonly reply?: string;
  /** Answers the sender; false when it wants no answer, or the answer cannot be sent. */
  respond(data: Uint8Array | string): boolean;
}

/** A reply to a request. `data` is valid during the call that delivers it. */
export interface NatsReply {
  readonly data: Uint8Array;
  /** The code of the status line, as the server and some services send one; 0 = none. */
  readonly status: number;
  /** The text behind that code. */
  readonly description: string;
  /** The first value of a header, whatever the case of its name; undefined when there is none. */
  header(name: string): string | undefined;
}

/** A request to an endpoint of a service. */
export interface NatsServiceRequest extends NatsMessage {
  /**
   * Answers with a service error (`Nats-Service-Error-Code`, `Nats-Service-Error`).
   *
   * @param description one line; the client of a service shows it
   */
  fail(code: number, description: string): boolean;
}

/** One subject that a service answers. */
export interface NatsServiceEndpoint {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  readonly subject: string;
  /** Instances of one queue share the requests. Default `q`: one instance of the service gets each. */
  readonly queue?: string;
  handle(request: NatsServiceRequest): void;
}

/** A service of NATS's service framework: `nats micro ls` lists its instances. */
export interface NatsServiceDefinition {
  /** Letters, digits, `-` and `_`. */
  readonly name: string;
  /** A semantic version. */
  readonly version: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly endpoints: readonly NatsServiceEndpoint[];
  /** What `$SRV.STATS` tells of each endpoint besides the framework's own figures. */
  readonly stats?: () => unknown;
}

/** What the account may not do. */
export interface NatsDenial {
  readonly operation: string;
  readonly subject: string;
}

/**
 * Core NATS over the connection of a client: nothing is stored, and nothing waits for a connection.
 * Whatever is subscribed comes back with every new connection.
 */
export interface NatsMessaging {
  /** False when there is no connection, or the server takes no message so large: it is dropped. */
  publish(subject: string, data: Uint8Array | string, reply?: string): boolean;
  /** Messages as they arrive, synchronously, for as long as it is subscribed. Never errors. */
  messages(subject: string): Observable<NatsMessage>;
  /**
   * Sends a request on subscription, and emits the replies as they arrive, synchronously and without a
   * bound; never completes. Each request has a subscription of its own, which ends with this one, so
   * the server stops sending.
   *
   * Errors with a `NatsRequestError`: at once without a connection, without a responder, or for what
   * the account may not do; later when the connection is lost.
   */
  request(subject: string, data: Uint8Array): Observable<NatsReply>;
  /**
   * Runs an instance of a service while it is subscribed, a new one on each connection; emits the id of
   * each. Never errors: where the account refuses one of its subjects, {@link denied$} tells.
   */
  serve(service: NatsServiceDefinition): Observable<string>;
  /** Publishes and subscriptions that the server refused, those of other users of the client too. */
  readonly denied$: Observable<NatsDenial>;
}
