import { InvalidTokenError } from '../auth.errors.js';
import type { JwksOptions } from '../auth-options.js';
import type { CompactToken } from '../compact-token.js';
import type { HeldKey } from './held-key.js';
import type { KeySource, KeyTrust } from './key-source.interface.js';
import { RemoteKeySet } from './remote-key-set.js';

/** No HMAC, because key sets are public. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
];

/** The keys of a JWKS URL, selected by `kid`; for a token without one, each suitable key is tried. */
export class JwksKeySource implements KeySource {
  private readonly set: RemoteKeySet;
  /** Unusable keys that were already logged: once each, because a flood of tokens must not flood the log. */
  private readonly warned = new WeakSet<HeldKey>();

  constructor(url: URL, options: JwksOptions, closed: AbortSignal) {
    this.set = new RemoteKeySet(url, options, closed);
  }

  /** Fetches in the background; a failure is only logged. */
  prepare(): void {
    void this.set.fetch();
  }

  async checkSignature(token: CompactToken): Promise<KeyTrust> {
    if (!ALGORITHMS.some((algorithm) => algorithm === token.header['alg'])) {
      throw new InvalidTokenError('algorithm');
    }
    let found = await this.find(token);
    if (found === 'unknown_key' && (await this.set.refetch())) found = await this.find(token);
    if (typeof found === 'string') throw new InvalidTokenError(found);
    return { isRevoked: () => found.isWithdrawn || this.set.isOutdated };
  }

  private async find(token: CompactToken): Promise<HeldKey | 'signature' | 'unknown_key'> {
    let fault: 'signature' | 'unknown_key' = 'unknown_key';
    for (const key of await this.set.current()) {
      try {
        const verdict = await key.verifies(token, ALGORITHMS);
        if (verdict === true) return key;
        if (verdict === false) fault = 'signature';
      } catch (error) {
        this.warnUnusable(key, error);
      }
    }
    return fault;
  }

  private warnUnusable(key: HeldKey, error: unknown): void {
    if (this.warned.has(key)) return;
    this.warned.add(key);
    this.set.warn(error);
  }
}
