/** Why a read or a consumer failed; the closed set that callers switch over. */
export type NatsReadErrorKind =
  | 'disconnected' // no connection, or it was lost meanwhile
  | 'timeout' // the server did not answer in time
  | 'no_jetstream' // JetStream is not enabled, or its API has no responders
  | 'stream_not_found'
  | 'consumer_limit' // error 10026 and its kin: the stream or account takes no more consumers
  | 'consumer_lost' // deleted, or unknown to the server that answers
  | 'sequence_gap' // the delivery sequence jumped: start again after the last one delivered
  | 'stalled' // idle heartbeats were missed
  | 'refused'; // anything else that the server answered with an error

/** A failed read of JetStream; `cause` holds the client's own error. */
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

  /** JetStream's own `err_code`, when it gave one. */
  readonly code: number | undefined;
}
