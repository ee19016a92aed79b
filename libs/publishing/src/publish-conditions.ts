import { BadRequestException } from '@nestjs/common';
import type { HubPublishOptions } from '@nuts/streaming';
import type { IncomingMessage } from 'node:http';

/** The request headers with repeated values kept separate; `headers` joins them. */
export type DistinctHeaders = IncomingMessage['headersDistinct'];

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,256}$/;
/** A strong entity tag with an event ID; the quotes are optional. */
const ETAG = /^"(\d[\d-]{0,40})"$|^(\d[\d-]{0,40})$/;

/** What each header may contain, for the error message. */
const EXPECTED = {
  'Idempotency-Key': 'one value of 1 to 256 printable ASCII characters',
  'If-Match': 'one event ID, such as "12345"',
  'If-None-Match': '*',
} as const;

/**
 * Parses `Idempotency-Key`, `If-Match` and `If-None-Match` (contract §10). Pure.
 *
 * @throws BadRequestException for malformed or repeated headers, because an invalid condition must not be
 *   ignored
 */
export function publishConditions(
  headers: DistinctHeaders,
): Pick<HubPublishOptions, 'idempotencyKey' | 'ifMatch' | 'ifNoneMatch'> {
  const key = single(headers, 'idempotency-key', 'Idempotency-Key');
  const match = single(headers, 'if-match', 'If-Match');
  const noneMatch = single(headers, 'if-none-match', 'If-None-Match');
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) throw invalid('Idempotency-Key');
  if (noneMatch !== undefined && noneMatch !== '*') throw invalid('If-None-Match');
  if (match !== undefined && noneMatch !== undefined) {
    throw new BadRequestException('If-Match and If-None-Match cannot be combined');
  }
  return {
    ...(key !== undefined && { idempotencyKey: key }),
    ...(match !== undefined && { ifMatch: eventId(match) }),
    ...(noneMatch !== undefined && { ifNoneMatch: '*' as const }),
  };
}

function single(
  headers: DistinctHeaders,
  field: string,
  name: keyof typeof EXPECTED,
): string | undefined {
  const values = headers[field];
  if (values !== undefined && values.length > 1) throw invalid(name);
  return values?.[0];
}

function eventId(text: string): string {
  const match = ETAG.exec(text);
  const id = match?.[1] ?? match?.[2];
  if (id === undefined) throw invalid('If-Match');
  return id;
}

function invalid(name: keyof typeof EXPECTED): BadRequestException {
  return new BadRequestException(`Invalid ${name}: must be ${EXPECTED[name]}`);
}
