import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AccessOptionsError, InvalidTokenError, KeysUnavailableException } from './auth.errors.js';
import { AuthModule } from './auth.module.js';
import { NutsAuthGuard } from './nuts-auth.guard.js';
import { TokenVerifier } from './token-verifier.interface.js';

@Injectable()
class Accounts {}

@Module({ providers: [Accounts], exports: [Accounts] })
class AccountsModule {}

@Injectable()
class AccountVerifier {
  constructor(readonly accounts: Accounts) {}
}

@Injectable()
class Elsewhere {
  constructor(readonly guard: NutsAuthGuard) {}
}

@Module({ providers: [Elsewhere] })
class ElsewhereModule {}

describe('AuthModule.forRoot', () => {
  it('imports what the providers of the application need', async () => {
    const auth = AuthModule.forRoot({
      imports: [AccountsModule],
      providers: [{ provide: TokenVerifier, useClass: AccountVerifier }],
    });
    const module = await Test.createTestingModule({ imports: [auth] }).compile();
    const verifier = module.get<AccountVerifier>(TokenVerifier, { strict: false });
    expect(verifier.accounts).toBeInstanceOf(Accounts);
    await module.close();
  });

  it('is visible in other modules only if it is global', async () => {
    const compile = (extras: object) =>
      Test.createTestingModule({ imports: [AuthModule.forRoot(extras), ElsewhereModule] })
        .setLogger(false as never)
        .compile();
    const module = await compile({ isGlobal: true });
    expect(module.get(Elsewhere, { strict: false }).guard).toBeInstanceOf(NutsAuthGuard);
    await module.close();
    await expect(compile({})).rejects.toThrow('NutsAuthGuard');
    await expect(compile({ isGlobal: undefined })).rejects.toThrow('NutsAuthGuard');
  });

  it('takes a verifier that has nothing to prepare', async () => {
    const verify = () => Promise.resolve({ claims: {} });
    const auth = AuthModule.forRoot({
      access: [{ secret: 'x' }],
      providers: [{ provide: TokenVerifier, useValue: { verify } }],
    });
    const module = await Test.createTestingModule({ imports: [auth] }).compile();
    await expect(module.init()).resolves.toBeDefined();
    await module.close();
  });
});

it('names its errors, and keeps their causes', () => {
  const cause = new Error('reset');
  expect(new InvalidTokenError('expired', { cause })).toMatchObject({
    name: 'InvalidTokenError',
    message: 'token refused: expired',
    cause,
  });
  expect(new KeysUnavailableException({ cause }).cause).toBe(cause);
  expect(String(new AccessOptionsError('subscriber_jwt_key', 'is empty'))).toBe(
    'AccessOptionsError: subscriber_jwt_key is empty',
  );
});
