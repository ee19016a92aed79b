import { Logger } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import type { JwksOptions } from './auth-options.js';
import { JwtTokenVerifier } from './jwt.token-verifier.js';
import { ec, jwk } from './keys/key-pairs.fixture.js';
import { type JwksServer, startJwksServer } from './keys/jwks-server.fixture.js';
import { signToken } from './tokens.fixture.js';

/** A key provider per test, and verifiers that are closed with it. */
export class JwksRig {
  /** The provider's initial key, and one that it does not have. */
  readonly first = ec('P-256');
  readonly second = ec('P-256');
  /** The logged warnings. */
  readonly warnings: string[] = [];
  jwks!: JwksServer;
  access!: AccessOptions;
  private readonly verifiers: JwtTokenVerifier[] = [];

  /** Call it where a test file declares its tests. */
  constructor() {
    beforeEach(async () => {
      this.warnings.length = 0;
      jest
        .spyOn(Logger.prototype, 'warn')
        .mockImplementation((text: string) => void this.warnings.push(text));
      this.jwks = await startJwksServer();
      this.jwks.answer = { keys: [jwk(this.first.publicKey, { kid: 'first' })] };
      this.access = { jwksUrl: this.jwks.url };
    });
    afterEach(async () => {
      for (const one of this.verifiers.splice(0)) one.onApplicationShutdown();
      await this.jwks.close();
    });
  }

  verifier(jwks: Partial<JwksOptions> = {}): JwtTokenVerifier {
    const one = new JwtTokenVerifier({ jwks });
    this.verifiers.push(one);
    return one;
  }

  byFirst(claims: object = {}): string {
    return signToken('ES256', this.first.privateKey, claims, { kid: 'first' });
  }

  bySecond(kid = 'second'): string {
    return signToken('ES256', this.second.privateKey, {}, { kid });
  }
}
