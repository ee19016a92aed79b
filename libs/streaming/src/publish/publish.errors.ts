/** Why a message cannot be published; a closed set. */
export type HubPublishErrorKind =
  | 'unknown_hub'
  | 'invalid_topic'
  | 'invalid_payload'
  | 'invalid_header'
  | 'invalid_idempotency_key'
  | 'invalid_condition'
  | 'reused_idempotency_key' // a message of another topic has it
  | 'no_bucket' // the hub is not over a bucket
  | 'outside_stream' // the stream does not take the topic's subject
  | 'conflict'; // `ifMatch` names a message that the stream does not have

/** The message was not stored. If NATS refuses a message, the error is a `NatsPublishError`. */
export class HubPublishError extends Error {
  override readonly name = 'HubPublishError';

  constructor(
    readonly kind: HubPublishErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
