import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { InvalidTokenError } from '../auth.errors.js';
import type { CompactToken } from '../compact-token.js';
import { FIXED_TRUST, type KeySource, type KeyTrust } from './key-source.interface.js';

/** One fixed Ed25519 public key, verified with jose: the library behind `@nestjs/jwt` does not support EdDSA. */
export class JoseKeySource implements KeySource {
  constructor(private readonly key: KeyObject) {}

  async checkSignature(token: CompactToken): Promise<KeyTrust> {
    if (token.header['alg'] !== 'EdDSA') throw new InvalidTokenError('algorithm');
    try {
      await compactVerify(token.text, this.key, { algorithms: ['EdDSA'] });
    } catch (cause) {
      throw new InvalidTokenError('signature', { cause });
    }
    return FIXED_TRUST;
  }
}
