import { HttpException, HttpStatus } from '@nestjs/common';
import type { DisconnectReason } from '@nuts/metrics';

/** Why the engine does not open a stream; the closed set of contract §2. */
export type StreamRefusalKind =
  | 'jetstream_unavailable' // NATS or JetStream is away, or the process shuts down
  | 'consumer_limit' // the stream takes no more consumers, and this request needs one
  | 'subscribe_failed' // a consumer could not be created for another reason
  | 'foreign_subject' // outside the stream's subjects: trying again cannot help
  | 'token_ended' // since the guards checked it
  | 'max_connections'
  | 'max_connections_per_client';

interface RefusalTraits {
  readonly status: HttpStatus;
  readonly message: string;
  readonly retryable: boolean;
  readonly reason: DisconnectReason;
}

const TRAITS: Readonly<Record<StreamRefusalKind, RefusalTraits>> = {
  jetstream_unavailable: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'JetStream not available',
    retryable: true,
    reason: 'jetstream_unavailable',
  },
  consumer_limit: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'Stream consumer limit reached',
    retryable: true,
    reason: 'stream_consumer_limit',
  },
  subscribe_failed: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'Failed to subscribe to requested topics',
    retryable: true,
    reason: 'subscription_failed',
  },
  foreign_subject: {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    message: 'Failed to subscribe to requested topics',
    retryable: false,
    reason: 'subscription_failed',
  },
  token_ended: {
    status: HttpStatus.UNAUTHORIZED,
    message: 'Unauthorized',
    retryable: false,
    reason: 'token_expired',
  },
  max_connections: {
    status: HttpStatus.TOO_MANY_REQUESTS,
    message: 'Too many concurrent connections',
    retryable: true,
    reason: 'max_connections',
  },
  max_connections_per_client: {
    status: HttpStatus.TOO_MANY_REQUESTS,
    message: 'Too many concurrent connections',
    retryable: true,
    reason: 'max_connections_per_client',
  },
};

const ERROR_NAMES: Partial<Record<HttpStatus, string>> = {
  [HttpStatus.UNAUTHORIZED]: 'Unauthorized',
  [HttpStatus.SERVICE_UNAVAILABLE]: 'Service Unavailable',
  [HttpStatus.TOO_MANY_REQUESTS]: 'Too Many Requests',
};

/** Details of a refusal besides its kind. */
export interface StreamRefusalOptions extends ErrorOptions {
  /** Replaces the kind's default, for example with `handler_shutdown` while draining. */
  readonly reason?: DisconnectReason;
  /** Listed at the end of the message. */
  readonly topics?: readonly string[];
}

/**
 * A stream was not opened. It is an `HttpException`, so that your own filters see an ordinary Nest error.
 * The controller's filter turns retryable ones into the `200` retry stream for `EventSource` clients
 * (contract §2).
 */
export class StreamRefusal extends HttpException {
  override readonly name = 'StreamRefusal';
  /** False if the same request can never succeed, so that an `EventSource` must stop. */
  readonly retryable: boolean;
  /** Label in the log and in `nuts_stream_closed_total`. */
  readonly reason: DisconnectReason;

  constructor(
    readonly kind: StreamRefusalKind,
    options?: StreamRefusalOptions,
  ) {
    const { status, message, retryable, reason } = TRAITS[kind];
    const text = [message, options?.topics?.join(', ') ?? []].flat().join(': ');
    super(HttpException.createBody(text, ERROR_NAMES[status] ?? '', status), status, {
      cause: options?.cause,
    });
    this.retryable = retryable;
    this.reason = options?.reason ?? reason;
  }
}
