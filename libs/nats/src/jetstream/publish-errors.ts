import { NatsPublishError, type NatsPublishErrorKind } from '../nats-publish.error.js';
import type { ApiErrorBody } from './api-errors.js';

/** JetStream's error codes, by what they mean for the message. */
const KINDS: Readonly<Record<number, NatsPublishErrorKind>> = {
  10002: 'full', // resource limits of the account
  10008: 'unavailable', // temporarily unavailable
  10009: 'unavailable', // no leader
  10023: 'full', // insufficient resources
  10028: 'full', // memory of the account
  10047: 'full', // storage of the account
  10054: 'too_large', // max_msg_size of the stream
  10060: 'wrong_stream',
  10071: 'conflict',
  10076: 'unavailable', // not enabled
  10097: 'too_large', // headers over 64 KiB
  10158: 'unknown', // a message of this id is on its way into a replicated stream
  10163: 'unavailable', // the expected sequence cannot be checked at the moment
  10164: 'conflict', // without the sequence, by replicated streams
  10167: 'unavailable', // too many requests
};
/** Storing failed; only the text gives the reason. */
const STORE_FAILED = 10077;
const FULL = /maximum (messages|bytes)|insufficient|resource/i;

/** The error of an acknowledgement. */
export function acknowledgedError(action: string, error: ApiErrorBody): NatsPublishError {
  const reason = error.description ?? 'error';
  const message = `${action}: ${reason} (${error.err_code ?? error.code ?? 'no code'})`;
  return new NatsPublishError(kindOf(error, reason), message, reason);
}

function kindOf({ err_code: code }: ApiErrorBody, reason: string): NatsPublishErrorKind {
  // A new leader responds like this before it knows what its predecessor stored.
  if (code === undefined) return 'unknown';
  if (code !== STORE_FAILED) return KINDS[code] ?? 'refused';
  return FULL.test(reason) ? 'full' : 'unknown';
}

/** The client's error for a message, sent or not. */
export function unacknowledgedError(action: string, cause: unknown): NatsPublishError {
  const code = (cause as { code?: string }).code ?? '';
  const fail = (kind: NatsPublishErrorKind, why: string): NatsPublishError =>
    new NatsPublishError(kind, `${action}: ${why}`, undefined, { cause });
  switch (code) {
    case '503':
      return fail('unavailable', 'no stream responds on this subject');
    case 'PERMISSIONS_VIOLATION':
      return fail('denied', `${(cause as Error).message}; see docs/nats-permissions.md`);
    case 'MAX_PAYLOAD_EXCEEDED':
      return fail('too_large', "it exceeds the server's max_payload");
    default:
      return fail('unknown', 'no acknowledgement arrived: the message may have been stored');
  }
}
