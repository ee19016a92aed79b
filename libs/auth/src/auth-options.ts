import type { AccessOptions } from './access-options.interface.js';

/** How a JWKS is fetched. All times in ms. */
export class JwksOptions {
  /**
   * After a fetch that worked, so long an unknown `kid` causes no other one: strangers invent them.
   * Short, since a token of a key that was added meanwhile is refused, and `EventSource` then stops.
   */
  readonly cooldownMs: number = 5_000;
  /** After a fetch that failed, until the next. */
  readonly retryMs: number = 5_000;
  /** A key that was withdrawn opens nothing after so long. `subscriber_jwks_max_age`. */
  readonly maxAgeMs: number = 600_000;
  /** As `maxAgeMs`, while the provider cannot be reached; less has no effect. `subscriber_jwks_max_stale`. */
  readonly maxStaleMs: number = 86_400_000;
  /** How long one fetch may take. */
  readonly timeoutMs: number = 5_000;
}

/** `AuthModule.forRoot(options)`. */
export interface AuthModuleOptions {
  /**
   * The access settings of all hubs, the very objects that their subscriptions carry: they are
   * checked and their keys read at start. What is not listed is read with its first token.
   */
  readonly access?: readonly AccessOptions[];
  /** What is left out has the default of {@link JwksOptions}. */
  readonly jwks?: Partial<JwksOptions>;
}
