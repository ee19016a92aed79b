import { compactVerify, createLocalJWKSet, errors, type JWK, type LocalJWKSet } from 'jose';
import type { CompactToken } from '../compact-token.js';

/** The members that make a key another one: its kind, its numbers, and what it may be used for. */
const IDENTITY = ['kty', 'kid', 'use', 'key_ops', 'alg', 'crv', 'n', 'e', 'x', 'y', 'pub'] as const;

/** Tells keys apart over fetches, whatever else a provider writes beside them. */
export function keyIdentity(jwk: JWK): string {
  return JSON.stringify(IDENTITY.map((name) => jwk[name]));
}

/** One key of a key set. It stays the same object as long as the provider publishes it. */
export class HeldKey {
  /** No longer in the provider's set. */
  isWithdrawn = false;
  private readonly set: LocalJWKSet;

  /** @throws an error of jose for what is no key */
  constructor(private readonly jwk: JWK) {
    this.set = createLocalJWKSet({ keys: [jwk] });
  }

  /**
   * Whether the signature is this key's; undefined when the key is not for such a token.
   *
   * @throws an error of jose when the key is no good
   */
  async verifies(
    { text, header }: CompactToken,
    algorithms: string[],
  ): Promise<boolean | undefined> {
    // jose would say so by an error, which costs a stack for each key of the set.
    if (typeof header['kid'] === 'string' && header['kid'] !== this.jwk.kid) return undefined;
    try {
      await compactVerify(text, this.set, { algorithms });
      return true;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      if (error instanceof errors.JWSSignatureVerificationFailed) return false;
      throw error;
    }
  }
}
