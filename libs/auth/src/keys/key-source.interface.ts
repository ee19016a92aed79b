import type { CompactToken } from '../compact-token.js';

/** How long the key that signed a token can be trusted. */
export interface KeyTrust {
  /** Whether the key was withdrawn since; undefined for keys that cannot be withdrawn. */
  readonly isRevoked?: () => boolean;
}

/** The key or keys of one hub. Verifies signatures and nothing else. */
export interface KeySource {
  /**
   * Resolves if the signature is valid.
   *
   * @throws InvalidTokenError `algorithm`, `signature` or `unknown_key`
   * @throws KeysUnavailableException
   */
  checkSignature(token: CompactToken): Promise<KeyTrust>;
}

/** For fixed keys, which are trusted until the process ends. */
export const FIXED_TRUST: KeyTrust = {};
