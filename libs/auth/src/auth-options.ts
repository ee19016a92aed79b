import type { AccessOptions } from './access-options.interface.js';

/** How a JWKS is fetched. All times are in ms. */
export class JwksOptions {
  /**
   * After a successful fetch, unknown `kid`s trigger no further fetch for this time, because anyone can
   * invent them. It is short, because a token with a newly added key is refused until then, and
   * `EventSource` does not retry.
   */
  readonly cooldownMs: number = 5_000;
  /** Time between a failed fetch and the next one. */
  readonly retryMs: number = 5_000;
  /** Maximum age of a key that was withdrawn. `subscriber_jwks_max_age`. */
  readonly maxAgeMs: number = 600_000;
  /** The same while the provider cannot be reached; lower values have no effect. `subscriber_jwks_max_stale`. */
  readonly maxStaleMs: number = 86_400_000;
  /** Timeout of a fetch. */
  readonly timeoutMs: number = 5_000;
}

/** Options of `AuthModule.forRoot`. */
export interface AuthModuleOptions {
  /**
   * The access settings of all hubs: the same objects that their subscriptions contain. They are validated
   * and their keys read at startup. Settings that are not listed are read with their first token.
   */
  readonly access?: readonly AccessOptions[];
  /** Omitted fields have the defaults of {@link JwksOptions}. */
  readonly jwks?: Partial<JwksOptions>;
}
