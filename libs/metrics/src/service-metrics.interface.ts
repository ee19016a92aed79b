/** The result of a request to a service; label in `nuts_requests_total` (contract §11). */
export type RequestResult =
  | 'answered'
  | 'failed' // the service said so
  | 'no_responders'
  | 'timeout'
  | 'unknown' // NATS was lost after the request had been sent
  | 'unavailable' // NATS is away or refuses, or the process shuts down
  | 'refused' // too many open requests, or too large for the server
  | 'slow_client'
  | 'client_left';

/** All values of {@link RequestResult}. */
export const REQUEST_RESULTS = [
  'answered',
  'failed',
  'no_responders',
  'timeout',
  'unknown',
  'unavailable',
  'refused',
  'slow_client',
  'client_left',
] as const satisfies readonly RequestResult[];

/** Records the requests to one entry of `services`. */
export interface ServiceMetrics {
  /** Called once per request that passed the guards, at its end. */
  requested(result: RequestResult, seconds: number): void;
  /** Called once per reply. */
  replied(): void;
}

/** Records nothing. */
export const noopServiceMetrics: ServiceMetrics = Object.freeze({
  requested: () => undefined,
  replied: () => undefined,
});
