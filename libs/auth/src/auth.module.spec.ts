import { Test } from '@nestjs/testing';
import { AuthModule } from './auth.module.js';
import { BearerOrCookieTokenSource } from './bearer-or-cookie.token-source.js';
import { JwtTokenVerifier } from './jwt.token-verifier.js';
import { ec, jwk } from './keys/key-pairs.fixture.js';
import { startJwksServer } from './keys/jwks-server.fixture.js';
import { NutsAuthGuard } from './nuts-auth.guard.js';
import { TokenSource } from './token-source.interface.js';
import { signToken } from './tokens.fixture.js';
import { TokenVerifier } from './token-verifier.interface.js';

describe('AuthModule', () => {
  it('has defaults for all of its parts when it is imported plainly', async () => {
    const module = await Test.createTestingModule({ imports: [AuthModule] }).compile();
    await module.init();
    expect(module.get(NutsAuthGuard)).toBeInstanceOf(NutsAuthGuard);
    expect(module.get(TokenSource)).toBeInstanceOf(BearerOrCookieTokenSource);
    expect(module.get(TokenVerifier)).toBeInstanceOf(JwtTokenVerifier);
    await module.close();
  });

  it('does not start with settings that cannot work', async () => {
    const imports = [AuthModule.forRoot({ access: [{ publicKeyFile: 'missing.pem' }] })];
    const module = await Test.createTestingModule({ imports }).compile();
    await expect(module.init()).rejects.toThrow(
      'subscriber_jwt_public_key "missing.pem" cannot be read (ENOENT): name a readable PEM file',
    );
  });

  it('fetches key sets at start, and does not wait for them', async () => {
    const jwks = await startJwksServer();
    const asked = new Promise((resolve) => (jwks.answer = resolve));
    const imports = [AuthModule.forRoot({ access: [{ jwksUrl: jwks.url }] })];
    const module = await Test.createTestingModule({ imports }).compile();
    await module.init();
    await asked;
    // The fetch is still under way: closing ends it.
    await module.close();
    await jwks.close();
  });

  it('keeps two applications in one process apart', async () => {
    const jwks = await startJwksServer();
    const pair = ec('P-256');
    jwks.answer = { keys: [jwk(pair.publicKey, { kid: 'k' })] };
    const access = { jwksUrl: jwks.url };
    const token = signToken('ES256', pair.privateKey, {}, { kid: 'k' });
    const modules = await Promise.all(
      [1, 2].map(() => Test.createTestingModule({ imports: [AuthModule] }).compile()),
    );
    for (const module of modules) {
      await module.get<TokenVerifier>(TokenVerifier).verify(token, access);
    }
    // The same settings object, and yet no key of one is found in the other.
    expect(jwks.fetches).toBe(2);
    await Promise.all(modules.map((module) => module.close()));
    await jwks.close();
  });
});
