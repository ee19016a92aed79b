import { compactVerify, createLocalJWKSet, errors, type JWK, type LocalJWKSet } from 'jose';
import type { CompactToken } from '../compact-token.js';

/** The members that identify a key: its kind, its numbers, and its permitted use. */
const IDENTITY = ['kty', 'kid', 'use', 'key_ops', 'alg', 'crv', 'n', 'e', 'x', 'y', 'pub'] as const;

/** Identifies a key across fetches, independent of other members. */
export function keyIdentity(jwk: JWK): string {
  return JSON.stringify(IDENTITY.map((name) => jwk[name]));
}

/** One key of a key set. The object stays the same as long as the provider publishes the key. */
export class HeldKey {
  /** The provider has removed it from the set. */
  isWithdrawn = false;
  private readonly set: LocalJWKSet;

  /** @throws an error of jose if it is not a valid key */
  constructor(private readonly jwk: JWK) {
    this.set = createLocalJWKSet({ keys: [jwk] });
  }

  /**
   * Whether this key made the signature; undefined if the key is not meant for such a token.
   *
   * @throws an error of jose if the key is unusable
   */
  async verifies(
    { text, header }: CompactToken,
    algorithms: string[],
  ): Promise<boolean | undefined> {
    // jose would throw an error, which captures a stack for each key of the set.
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
