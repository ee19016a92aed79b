import type { CompactToken } from '../compact-token.js';

/** How far the key that signed a token is to be trusted from now on. */
export interface KeyTrust {
  /** Whether the key was withdrawn meanwhile; undefined for a key that cannot be. */
  readonly isRevoked?: () => boolean;
}

/** The key or keys of one hub: they tell whether a signature is true, and nothing else. */
export interface KeySource {
  /**
   * Resolves when the signature is true.
   *
   * @throws InvalidTokenError `algorithm`, `signature` or `unknown_key`
   * @throws KeysUnavailableException
   */
  checkSignature(token: CompactToken): Promise<KeyTrust>;
}

/** For fixed keys: true until the process ends. */
export const FIXED_TRUST: KeyTrust = {};
