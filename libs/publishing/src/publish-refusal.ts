import {
  BadRequestException,
  ConflictException,
  GatewayTimeoutException,
  HttpException,
  HttpStatus,
  NotFoundException,
  PayloadTooLargeException,
  PreconditionFailedException,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { PublishResult } from '@nuts/metrics';
import { NatsPublishError, NatsReadError } from '@nuts/nats';
import { HubPublishError } from '@nuts/streaming';

/** A failed publish request: its answer and its metric. */
export interface PublishRefusal {
  readonly answer: HttpException;
  readonly result: PublishResult;
}

const UNKNOWN =
  'The stream did not acknowledge in time: the message may be stored. Repeating the request with the same Idempotency-Key is safe';

const REUSED_KEY =
  'This Idempotency-Key was already used for a message of another topic. Nothing was stored';

/** The answer for an error of `HubPublisher` (contract §10); undefined for a programming error. */
export function publishRefusal(error: unknown): PublishRefusal | undefined {
  if (error instanceof NatsPublishError) return natsRefusal(error);
  // The stream could not be read, so nothing was sent.
  if (error instanceof NatsReadError) return unavailable(error);
  if (error instanceof HubPublishError) return hubRefusal(error);
  return undefined;
}

function natsRefusal(error: NatsPublishError): PublishRefusal {
  const { kind, reason } = error;
  const options = { cause: error };
  switch (kind) {
    case 'disconnected':
    case 'unavailable':
    case 'denied':
      return unavailable(error);
    case 'unknown':
      return { result: 'unknown', answer: new GatewayTimeoutException(UNKNOWN, options) };
    case 'conflict':
      return conflict(error);
    case 'wrong_stream':
      return outsideStream(error);
    case 'full':
      return refused(insufficientStorage(reason ?? 'The stream is full', error));
    case 'too_large':
      return refused(new PayloadTooLargeException(reason ?? 'The message is too large', options));
    case 'refused':
      return refused(new ConflictException(reason ?? 'The stream refused the message', options));
    default:
      return kind satisfies never;
  }
}

function hubRefusal(error: HubPublishError): PublishRefusal {
  if (error.kind === 'conflict') return conflict(error);
  if (error.kind === 'outside_stream') return outsideStream(error);
  if (error.kind === 'reused_idempotency_key') {
    return refused(new ConflictException(REUSED_KEY, { cause: error }));
  }
  return refused(new BadRequestException(error.message, { cause: error }));
}

function unavailable(cause: Error): PublishRefusal {
  const answer = new ServiceUnavailableException('JetStream not available', { cause });
  return { result: 'unavailable', answer };
}

function conflict(cause: Error): PublishRefusal {
  const answer = new PreconditionFailedException(
    "The condition is not met: the subject's newest message does not match",
    {
      cause,
    },
  );
  return { result: 'conflict', answer };
}

function outsideStream(cause: Error): PublishRefusal {
  return refused(new NotFoundException('The stream does not store this topic', { cause }));
}

function insufficientStorage(message: string, cause: Error): HttpException {
  const status = HttpStatus.INSUFFICIENT_STORAGE ?? 507;
  const body = HttpException.createBody(message, 'Insufficient Storage', status);
  return new HttpException(body, status, { cause });
}

function refused(answer: HttpException): PublishRefusal {
  return { result: 'refused', answer };
}
