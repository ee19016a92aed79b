/** Why a message was not stored, or possibly not stored; a closed set. */
export type NatsPublishErrorKind =
  | 'disconnected' // no connection: nothing was sent
  | 'unavailable' // the stream has no leader, or JetStream does not answer: nothing was stored
  | 'unknown' // no acknowledgement came: the message may be stored
  | 'conflict' // the subject's last sequence is not the expected one
  | 'wrong_stream' // another stream, or none, takes the subject
  | 'full' // a limit of the stream or the account is reached
  | 'too_large' // for the stream or the server
  | 'denied' // the account may not publish to the subject
  | 'refused'; // anything else that the stream answered with an error: sealed, for example

/** JetStream did not acknowledge a message; `cause` is the client's own error. */
export class NatsPublishError extends Error {
  override readonly name = 'NatsPublishError';

  /** @param reason the server's text, if any */
  constructor(
    readonly kind: NatsPublishErrorKind,
    message: string,
    readonly reason?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
