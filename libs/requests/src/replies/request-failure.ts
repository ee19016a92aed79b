import { STATUS_CODES } from 'node:http';
import { HttpException, HttpStatus } from '@nestjs/common';

/** Why a request got no (further) reply; the closed set of contract §11. */
export type RequestFailureKind =
  | 'no_responders' // no service listens
  | 'unavailable' // NATS is away, and nothing was sent
  | 'denied' // the account may not ask this service
  | 'timeout' // no (further) reply in time
  | 'connection_lost' // NATS was lost while the service worked: it may have done what was asked
  | 'service_error' // the service says so
  | 'too_large' // for the server
  | 'too_many' // `request_max` requests are open
  | 'slow_client' // the reader of an event stream is too far behind
  | 'token_expired' // the token ended while replies came
  | 'token_revoked' // its key was withdrawn meanwhile
  | 'shutting_down';

interface FailureTraits {
  readonly status: number;
  readonly message: string;
  /** Whether a retry may succeed soon; sends `Retry-After`. */
  readonly retryable: boolean;
}

const { SERVICE_UNAVAILABLE, GATEWAY_TIMEOUT } = HttpStatus;

const TRAITS: Readonly<Record<RequestFailureKind, FailureTraits>> = {
  no_responders: {
    status: SERVICE_UNAVAILABLE,
    message: 'No service is listening',
    retryable: true,
  },
  unavailable: { status: SERVICE_UNAVAILABLE, message: 'NATS not available', retryable: true },
  denied: { status: SERVICE_UNAVAILABLE, message: 'Service not accessible', retryable: false },
  timeout: { status: GATEWAY_TIMEOUT, message: 'No reply in time', retryable: false },
  connection_lost: {
    status: GATEWAY_TIMEOUT,
    message: 'The connection to NATS was lost. The service may have processed the request',
    retryable: false,
  },
  service_error: { status: 500, message: 'Service error', retryable: false },
  too_large: {
    status: HttpStatus.PAYLOAD_TOO_LARGE,
    message: 'The body exceeds the maximum payload of the NATS server',
    retryable: false,
  },
  too_many: {
    status: HttpStatus.TOO_MANY_REQUESTS,
    message: 'Too many open requests',
    retryable: true,
  },
  slow_client: { status: HttpStatus.REQUEST_TIMEOUT, message: 'slow_client', retryable: false },
  token_expired: { status: HttpStatus.UNAUTHORIZED, message: 'Token expired', retryable: false },
  token_revoked: {
    status: HttpStatus.UNAUTHORIZED,
    message: 'Token no longer valid',
    retryable: false,
  },
  shutting_down: { status: SERVICE_UNAVAILABLE, message: 'Shutting down', retryable: true },
};

/**
 * A failed request. It is an `HttpException`, so that an application's own filters see an ordinary Nest
 * error; in an event stream it is the `failed` event.
 */
export class RequestFailure extends HttpException {
  override readonly name = 'RequestFailure';
  readonly retryable: boolean;
  /** The code in the `failed` event: the service's own code, else the status. */
  readonly code: number;

  /** @param said the service's error text, for `service_error` */
  constructor(
    readonly kind: RequestFailureKind,
    said: { readonly code?: number; readonly message?: string } = {},
    options?: ErrorOptions,
  ) {
    const traits = TRAITS[kind];
    const message = said.message || traits.message;
    const code = said.code ?? traits.status;
    const status = isErrorStatus(code) ? code : traits.status;
    super(HttpException.createBody(message, STATUS_CODES[status] ?? 'Error', status), status, {
      cause: options?.cause,
    });
    this.retryable = traits.retryable;
    this.code = code;
  }
}

function isErrorStatus(code: number): boolean {
  return code >= 400 && code <= 599;
}
