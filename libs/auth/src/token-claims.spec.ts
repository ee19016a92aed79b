import { InvalidTokenError } from './auth.errors.js';
import type { AccessOptions } from './access-options.interface.js';
import { checkClaims } from './token-claims.js';

const NOW = 1_800_000_000_500;

function check(claims: Record<string, unknown>, access: AccessOptions = {}): string {
  try {
    checkClaims(claims, access, NOW);
    return 'taken';
  } catch (error) {
    return error instanceof InvalidTokenError ? error.fault : 'another error';
  }
}

describe('checkClaims', () => {
  it.each<[unknown, string]>([
    [1_800_000_001, 'taken'],
    // No leeway: at its very time, and a fraction of a second after it, a token is over.
    [1_800_000_000.501, 'taken'],
    [1_800_000_000.5, 'expired'],
    [1_800_000_000, 'expired'],
    [0, 'expired'],
    [-1, 'expired'],
    ['1900000000', 'claim_time'],
    [null, 'claim_time'],
    [true, 'claim_time'],
    [{}, 'claim_time'],
    [[1_900_000_000], 'claim_time'],
    [Number('1e999'), 'claim_time'],
  ])('exp %j: %s', (exp, expected) => {
    expect(check({ exp })).toBe(expected);
  });

  it.each<[unknown, string]>([
    [1_800_000_000.5, 'taken'],
    [1_800_000_000.501, 'not_active'],
    [1_800_000_001, 'not_active'],
    ['1', 'claim_time'],
    [null, 'claim_time'],
  ])('nbf %j: %s', (nbf, expected) => {
    expect(check({ nbf })).toBe(expected);
  });

  it('takes a token without times', () => {
    expect(checkClaims({}, {}, NOW)).toStrictEqual({ claims: {} });
  });

  it.each<[unknown, string]>([
    ['https://id.example', 'taken'],
    ['https://id.example/', 'issuer'],
    [['https://id.example'], 'issuer'],
    [undefined, 'issuer'],
  ])('iss %j: %s', (iss, expected) => {
    expect(check({ iss }, { issuer: 'https://id.example' })).toBe(expected);
  });

  it.each<[unknown, string]>([
    ['nuts', 'taken'],
    [['other', 'nuts'], 'taken'],
    ['nutshell', 'audience'],
    [[], 'audience'],
    [[['nuts']], 'audience'],
    [{ nuts: true }, 'audience'],
    [undefined, 'audience'],
  ])('aud %j: %s', (aud, expected) => {
    expect(check({ aud }, { audience: 'nuts' })).toBe(expected);
  });

  it('does not look at issuer and audience unless they are set', () => {
    expect(check({ iss: 'x', aud: 'y' })).toBe('taken');
  });

  it('hands on subject and expiry, and a time beyond the calendar as its end', () => {
    expect(checkClaims({ sub: 'me', exp: 1_900_000_000 }, {}, NOW)).toMatchObject({
      subject: 'me',
      expiresAtMs: 1_900_000_000_000,
    });
    expect(checkClaims({ exp: 1e300 }, {}, NOW).expiresAtMs).toBe(8.64e15);
  });

  it.each([7, '', null, ['me']])('takes %j for no subject', (sub) => {
    expect(checkClaims({ sub }, {}, NOW)).not.toHaveProperty('subject');
  });
});
