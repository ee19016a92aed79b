import type { AccessOptions, CorsOptions } from '@nuts/auth';
import type { NatsOptions } from '@nuts/nats';

/**
 * The complete options of one entry of `services`; `completeService` adds the defaults documented here.
 * Times are in ms, sizes in bytes. Each field names the service's setting with the same meaning.
 */
export interface ServiceOptions {
  /** Label in metrics and logs; unique. Default: the path. */
  readonly name: string;
  /** Starts with a slash and does not end with one. `SERVICES_PATH`. */
  readonly path: string;
  /** The connection to NATS. Hubs and services with equal options share one connection. */
  readonly nats: NatsOptions;
  /**
   * Prefix that turns the path into a subject, including the dot. Never empty, so that requests cannot
   * reach other subjects. `subject_prefix`.
   */
  readonly subjectPrefix: string;
  /** How tokens are verified, by the guard that you bind. Undefined = no tokens; see `anonymous`. */
  readonly access?: AccessOptions;
  /** Anyone may send requests: required if neither `access` nor your own guard decides. */
  readonly anonymous: boolean;
  readonly cors: CorsOptions;
  /** Timeout of the first reply, and of each further reply in a stream. `request_timeout`; 10 000. */
  readonly requestTimeoutMs: number;
  /** Open requests in this process. `request_max`; default 100. */
  readonly maxRequests: number;
  /**
   * Open requests per client (the token's subject, else the address) in this process; undefined = no limit.
   * `request_max_per_client`.
   */
  readonly maxRequestsPerClient?: number;
  /** Largest body in bytes. `publish_max_bytes`; default 1 MiB. */
  readonly maxBytes: number;
  /** Requests per second and client; undefined = no limit. `publish_rate`. */
  readonly rate?: number;
  /** Send a comment on a stream after this time without a frame. `heartbeat_interval`; default 30 000. */
  readonly heartbeatMs: number;
  /** Frames buffered for a slow reader. `client_buffer_size`; default 64. */
  readonly clientBufferSize: number;
  /** Time for a reader to accept the end of its stream; undefined = 30 000. `write_timeout`. */
  readonly writeTimeoutMs?: number;
  /** Mean `Retry-After` before jitter. `transient_retry`; default 5 000. */
  readonly transientRetryMs: number;
}
