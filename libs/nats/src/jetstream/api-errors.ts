import { NatsReadError, type NatsReadErrorKind } from '../nats.errors.js';

/** The error of an API response. */
export interface ApiErrorBody {
  readonly code?: number;
  readonly err_code?: number;
  readonly description?: string;
}

/** JetStream's error codes, grouped by how callers handle them. */
const KINDS: Readonly<Record<number, NatsReadErrorKind>> = {
  10008: 'no_leader', // temporarily unavailable
  10009: 'no_leader', // the answering server is not the leader
  10014: 'consumer_lost',
  10023: 'consumer_limit', // insufficient resources
  10026: 'consumer_limit',
  10028: 'consumer_limit', // the account's memory, where our consumers live
  10039: 'no_jetstream', // not enabled for the account
  10059: 'stream_not_found',
  10076: 'no_jetstream', // not enabled
};

/** No message with that sequence, or of that subject. */
export const NO_MESSAGE = 10037;
/** The filter matches none of the stream's subjects (2.9.10). */
export const FILTER_NOT_SUBSET = 10093;

export function apiError(action: string, error: ApiErrorBody): NatsReadError {
  const code = error.err_code;
  const kind = (code === undefined ? undefined : KINDS[code]) ?? 'refused';
  const message = `${action}: ${error.description ?? 'error'} (${code ?? error.code ?? 'no code'})`;
  return new NatsReadError(kind, message, code === undefined ? {} : { code });
}

/** The error for a request without a usable response. */
export function requestError(action: string, cause: unknown, alive: boolean): NatsReadError {
  const code = (cause as { code?: string }).code ?? '';
  const fail = (kind: NatsReadErrorKind, why: string): NatsReadError =>
    new NatsReadError(kind, `${action}: ${why}`, { cause });
  if (!alive) return fail('disconnected', 'the connection to NATS was lost');
  switch (code) {
    case 'TIMEOUT':
      return fail('timeout', 'the server did not respond in time');
    case '503':
      return fail('no_jetstream', 'the JetStream API does not respond; is JetStream enabled?');
    case 'PERMISSIONS_VIOLATION':
      return fail('refused', `${(cause as Error).message}; see docs/nats-permissions.md`);
    default:
      return fail(/CLOSED|DISCONNECT|DRAINING/.test(code) ? 'disconnected' : 'refused', code);
  }
}
