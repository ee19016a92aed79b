import type { AccessOptions } from './access-options.interface.js';

/** How a JWKS is fetched. All times in ms. */
export class JwksOptions {
  /**
   * After a fetch that worked, so long an unknown `kid` causes no other one: strangers invent them.
   * Short, since a token of a key that was added meanwhile is refused, and `EventSource` then stops.
   */
  readonly cooldownMs: number = 5_000;
  /** Between two fetches at least, whatever happened to the first. */
  readonly retryMs: number = 5_000;
  /** Older keys are fetched anew in the background; the old ones serve meanwhile. */
  readonly maxAgeMs: number = 600_000;
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
