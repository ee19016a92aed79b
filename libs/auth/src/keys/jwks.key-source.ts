import { Logger } from '@nestjs/common';
import {
  compactVerify,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWKSCacheInput,
  jwksCache,
  type RemoteJWKSet,
} from 'jose';
import { InvalidTokenError, KeysUnavailableException } from '../auth.errors.js';
import type { JwksOptions } from '../auth-options.js';
import type { CompactToken } from '../compact-token.js';
import { boundedFetch, FetchPostponedError } from './bounded-fetch.js';
import type { KeySource } from './key-source.interface.js';

/** No HMAC: a key set is public. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
];

/**
 * The keys behind a JWKS address, found by `kid`. jose fetches, caches and selects; on top of that,
 * keys never expire by themselves (they serve on while the provider is away), are fetched anew in
 * the background, and fetches are bounded also while they fail.
 */
export class JwksKeySource implements KeySource {
  private readonly logger = new Logger(JwksKeySource.name);
  /** jose writes into it: `uat` is the time of the last fetch that worked. */
  private readonly cache: JWKSCacheInput = {};
  private readonly keys: RemoteJWKSet;
  private logged: unknown;

  constructor(
    private readonly url: URL,
    private readonly options: JwksOptions,
    private readonly closed: AbortSignal,
  ) {
    this.keys = createRemoteJWKSet(url, {
      cooldownDuration: options.cooldownMs,
      timeoutDuration: options.timeoutMs,
      cacheMaxAge: Infinity,
      headers: { 'User-Agent': 'nuts' },
      [jwksCache]: this.cache,
      [customFetch]: boundedFetch(options.retryMs, closed),
    });
  }

  /** Fetches in the background when the keys are missing or old; a failure is only logged. */
  refresh(): void {
    const fetchedAt = 'uat' in this.cache ? this.cache.uat : -Infinity;
    if (this.keys.reloading || Date.now() < fetchedAt + this.options.maxAgeMs) return;
    this.keys.reload().catch((error: unknown) => this.logFailure(error));
  }

  async checkSignature(token: CompactToken): Promise<void> {
    if (!ALGORITHMS.some((algorithm) => algorithm === token.header['alg'])) {
      throw new InvalidTokenError('algorithm');
    }
    if (this.keys.fresh) this.refresh();
    try {
      await compactVerify(token.text, this.keys, { algorithms: ALGORITHMS });
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return this.tryEach(token, error);
      throw this.refusal(error);
    }
  }

  /** Without a `kid`, or with one that two keys share, each that fits is tried. */
  private async tryEach(
    token: CompactToken,
    candidates: errors.JWKSMultipleMatchingKeys,
  ): Promise<void> {
    for await (const key of candidates) {
      try {
        await compactVerify(token.text, key, { algorithms: ALGORITHMS });
        return;
      } catch {
        continue;
      }
    }
    throw new InvalidTokenError('signature');
  }

  private refusal(error: unknown): Error {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return new InvalidTokenError('signature', { cause: error });
    }
    if (error instanceof errors.JWKSNoMatchingKey) {
      return new InvalidTokenError('unknown_key', { cause: error });
    }
    if (!this.keys.fresh) {
      this.logFailure(error);
      return new KeysUnavailableException({ cause: error });
    }
    // A refetch for an unknown key failed, or a key of the set is no good.
    this.logFailure(error);
    return new InvalidTokenError('unknown_key', { cause: error });
  }

  /** Once a fetch: all tokens that waited for it share its error, and a flood must not fill the log. */
  private logFailure(error: unknown): void {
    if (error instanceof FetchPostponedError || error === this.logged || this.closed.aborted)
      return;
    this.logged = error;
    const { origin, pathname } = this.url;
    const held = this.keys.fresh ? 'the keys held serve on' : 'no key is held, tokens wait';
    this.logger.warn(`JWKS ${origin}${pathname} could not be used (${reason(error)}): ${held}`);
  }
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? message : `${message}, ${code}`;
}
