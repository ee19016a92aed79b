import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessOptions } from './access-options.interface.js';
import { JwtTokenVerifier } from './jwt.token-verifier.js';
import { ec, pem } from './keys/key-pairs.fixture.js';
import { inMs, signText, signToken } from './tokens.fixture.js';
import { verdict } from './verdict.fixture.js';

const SECRET = 'a secret of at least thirty-two bytes';
const verifier = (): JwtTokenVerifier => new JwtTokenVerifier();

describe('JwtTokenVerifier', () => {
  it('verifies with a secret, and hands on what the token says', async () => {
    const exp = Math.ceil(inMs(60_000));
    const token = signToken('HS256', SECRET, { sub: 'me', exp, subscribe: 'a' });
    expect(await verifier().verify(token, { secret: SECRET })).toStrictEqual({
      subject: 'me',
      expiresAtMs: exp * 1000,
      claims: { sub: 'me', exp, subscribe: 'a' },
    });
  });

  it.each([
    [{ exp: inMs(-1) }, 'expired'],
    [{ nbf: inMs(60_000) }, 'not_active'],
    [{ exp: String(inMs(60_000)) }, 'claim_time'],
  ])('refuses %j', async (claims, fault) => {
    const token = signToken('HS256', SECRET, claims);
    expect(await verdict(verifier(), token, { secret: SECRET })).toBe(fault);
  });

  it('refuses a number that no clock knows', async () => {
    const token = signText('HS256', SECRET, '{"alg":"HS256"}', '{"exp":1e999}');
    expect(await verdict(verifier(), token, { secret: SECRET })).toBe('claim_time');
  });

  it('reads a key file once, at start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nuts-keys-'));
    const publicKeyFile = join(folder, 'key.pem');
    const pair = ec('P-256');
    writeFileSync(publicKeyFile, pem(pair.publicKey));
    const access = { publicKeyFile };
    const one = verifier();
    one.prepare(access);
    rmSync(folder, { recursive: true });
    expect(await verdict(one, signToken('ES256', pair.privateKey, {}), access)).toBe('true');
  });

  it('looks at no claim of a token whose signature is wrong', async () => {
    const token = signToken('HS256', 'another', { exp: 1 });
    expect(await verdict(verifier(), token, { secret: SECRET })).toBe('signature');
  });

  it.each<[AccessOptions, RegExp]>([
    [{}, /^subscriber_jwt_key or .* must be set/],
    [{ issuer: 'x', cookie: 'y' }, /must be set/],
    [
      { secret: SECRET, jwksUrl: 'https://id.example/' },
      /^subscriber_jwt_key and .* exclude each other/,
    ],
    [{ jwksUrl: 'http://id.example/' }, /^subscriber_jwks_url must use https/],
    [{ publicKeyFile: 'missing.pem' }, /ENOENT/],
  ])('refuses the settings %j at start', (access, problem) => {
    expect(() => verifier().prepare(access)).toThrow(problem);
  });
});
