/** What became of a request to a service; labels `nuts_requests_total{result}` (contract §11). */
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

/** What is reported of the requests through one entry of `services`. */
export interface ServiceMetrics {
  /** Once a request that the guards have let in, at its end. */
  requested(result: RequestResult, seconds: number): void;
  /** Once a reply. */
  replied(): void;
}

/** Observes nothing. */
export const silentServiceMetrics: ServiceMetrics = Object.freeze({
  requested: () => undefined,
  replied: () => undefined,
});
