import type { CompactToken } from '../compact-token.js';

/** The key or keys of one hub: they tell whether a signature is true, and nothing else. */
export interface KeySource {
  /**
   * Resolves when the signature is true.
   *
   * @throws InvalidTokenError `algorithm`, `signature` or `unknown_key`
   * @throws KeysUnavailableException
   */
  checkSignature(token: CompactToken): Promise<void>;
}
