import type { KeyObject } from 'node:crypto';
import { JwtService, type JwtVerifyOptions } from '@nestjs/jwt';
import { InvalidTokenError } from '../auth.errors.js';
import type { CompactToken } from '../compact-token.js';
import { FIXED_TRUST, type KeySource, type KeyTrust } from './key-source.interface.js';

/** An algorithm of jsonwebtoken. */
export type Algorithm = NonNullable<JwtVerifyOptions['algorithms']>[number];

/** One fixed key, verified with `@nestjs/jwt`: HMAC secrets, RSA and EC public keys. */
export class JsonWebTokenKeySource implements KeySource {
  private readonly jwt: JwtService;

  /**
   * Uses a separate service per key, which the application's global JWT options cannot affect. The key is a
   * `KeyObject`, so that its type is never guessed from its text.
   */
  constructor(
    key: KeyObject,
    private readonly algorithms: readonly Algorithm[],
  ) {
    // Times are checked elsewhere, in milliseconds; the library rounds its clock down.
    const verifyOptions = {
      algorithms: [...algorithms],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    };
    this.jwt = new JwtService({ secret: key, verifyOptions });
  }

  async checkSignature(token: CompactToken): Promise<KeyTrust> {
    const { alg } = token.header;
    if (!this.algorithms.some((algorithm) => algorithm === alg)) {
      throw new InvalidTokenError('algorithm');
    }
    try {
      await this.jwt.verifyAsync(token.text);
    } catch (cause) {
      throw new InvalidTokenError('signature', { cause });
    }
    return FIXED_TRUST;
  }
}
