/** Why a read or a consumer failed; a closed set. */
export type NatsReadErrorKind =
  | 'disconnected' // no connection, or it was lost meanwhile
  | 'timeout' // the server did not answer in time
  | 'no_jetstream' // JetStream is not enabled, or its API has no responders
  | 'no_leader' // an election, or a leader that is cut off from the majority of its cluster
  | 'stream_not_found'
  | 'consumer_limit' // error 10026 and its kin: the stream or account takes no more consumers
  | 'consumer_lost' // deleted, or unknown to the server that answers
  | 'sequence_gap' // the delivery sequence jumped: start again after the last one delivered
  | 'stalled' // idle heartbeats were missed
  | 'refused'; // anything else that the server answered with an error

/** A failed JetStream read; `cause` is the client's own error. */
export class NatsReadError extends Error {
  override readonly name = 'NatsReadError';

  constructor(
    readonly kind: NatsReadErrorKind,
    message: string,
    options?: ErrorOptions & { readonly code?: number },
  ) {
    super(message, options);
    this.code = options?.code;
  }

  /** JetStream's own `err_code`, if any. */
  readonly code: number | undefined;
}

/** Why a request got no (further) reply; a closed set. */
export type NatsRequestErrorKind =
  | 'disconnected' // no connection: nothing was sent
  | 'connection_lost' // the service may have got the request
  | 'no_responders' // nobody listens on the subject
  | 'denied' // the account may not publish to the subject, or not receive replies
  | 'too_large'; // more than the server's `max_payload`

/** A core NATS request failed. */
export class NatsRequestError extends Error {
  override readonly name = 'NatsRequestError';

  constructor(
    readonly kind: NatsRequestErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** Why a connection to NATS failed; a closed set. */
export type NatsConnectErrorKind =
  | 'unreachable' // nobody answers, or the server has no room: worth another attempt
  | 'credentials_refused'
  | 'tls_failed' // certificate, host name, or the server speaks no TLS
  | 'bad_option'; // a file that cannot be read, a URL that cannot be understood

/**
 * A failed attempt to connect. The message names the server (credentials masked) and the relevant setting,
 * and contains no secret; `cause` is the client's own error.
 */
export class NatsConnectError extends Error {
  override readonly name = 'NatsConnectError';

  constructor(
    readonly kind: NatsConnectErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether further attempts cannot succeed without a change by the operator (contract §7). */
  get fatal(): boolean {
    return this.kind !== 'unreachable';
  }
}
