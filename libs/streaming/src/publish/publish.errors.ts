/** Why a message cannot be published; the closed set that callers switch over. */
export type HubPublishErrorKind =
  'unknown_hub' | 'invalid_topic' | 'invalid_payload' | 'invalid_header';

/** The caller's mistake; nothing was sent. What NATS refuses is a `NatsReadError`. */
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
