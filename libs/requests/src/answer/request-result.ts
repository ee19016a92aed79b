import type { RequestResult } from '@nuts/metrics';
import type { RequestFailure } from '../replies/request-failure.js';

/** The label of `nuts_requests_total{result}` for a request that failed. */
export function resultOf({ kind }: RequestFailure): RequestResult {
  switch (kind) {
    case 'no_responders':
    case 'timeout':
    case 'slow_client':
      return kind;
    case 'service_error':
      return 'failed';
    case 'connection_lost':
      return 'unknown';
    case 'too_many':
    case 'too_large':
    case 'token_expired':
    case 'token_revoked':
      return 'refused';
    case 'unavailable':
    case 'denied':
    case 'shutting_down':
      return 'unavailable';
    default:
      return kind satisfies never;
  }
}
