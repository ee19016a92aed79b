import type { AccessOptions, CorsOptions } from '@nuts/auth';
import type { NatsOptions } from '@nuts/nats';

/**
 * One entry of `services`, complete; `completeService` fills in the defaults that are told here. Times in
 * ms, sizes in bytes. Each field names the setting of the service that it is.
 */
export interface ServiceOptions {
  /** Labels metrics and logs; unique. Default: the path. */
  readonly name: string;
  /** Begins with a slash, has none at its end. `SERVICES_PATH`. */
  readonly path: string;
  /** How NATS is reached. Hubs and services with equal options share one connection. */
  readonly nats: NatsOptions;
  /**
   * Put before what follows the path to get the subject, its dot included: never empty, so that nothing
   * outside it can be asked. `subject_prefix`.
   */
  readonly subjectPrefix: string;
  /** How tokens are checked, by the guard that you bind. Undefined = no tokens, see `anonymous`. */
  readonly access?: AccessOptions;
  /** Everybody may ask: required where neither `access` nor a guard of your own decides. */
  readonly anonymous: boolean;
  readonly cors: CorsOptions;
  /** Wait for the first reply, and for each further one of a stream. `request_timeout`; 10 000. */
  readonly requestTimeoutMs: number;
  /** Open requests in this process. `request_max`; default 100. */
  readonly maxRequests: number;
  /**
   * Open requests of one client (the token's subject, else the address) in this process; undefined = no
   * limit. `request_max_per_client`.
   */
  readonly maxRequestsPerClient?: number;
  /** Largest body. `publish_max_bytes`; default 1 MiB. */
  readonly maxBytes: number;
  /** Requests a second for each client; undefined = no limit. `publish_rate`. */
  readonly rate?: number;
  /** Silence on a stream after which a comment is sent. `heartbeat_interval`; default 30 000. */
  readonly heartbeatMs: number;
  /** Frames that wait for a slow reader. `client_buffer_size`; default 64. */
  readonly clientBufferSize: number;
  /** Time for a reader to take the end of its stream; undefined = 30 000. `write_timeout`. */
  readonly writeTimeoutMs?: number;
  /** Mean of the jittered `Retry-After`. `transient_retry`; default 5 000. */
  readonly transientRetryMs: number;
}
