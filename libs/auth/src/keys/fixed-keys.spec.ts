import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessOptionsError, InvalidTokenError } from '../auth.errors.js';
import { parseCompactToken } from '../compact-token.js';
import { signToken } from '../tokens.fixture.js';
import { hmacKeySource, pemKeySource } from './fixed-keys.js';
import { ec, ed25519, type KeyPair, pem, rsa, rsaPss } from './key-pairs.fixture.js';
import type { KeySource } from './key-source.interface.js';

const SECRET = 'a secret of at least thirty-two bytes';
const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].concat(
  ['ES256', 'ES384', 'ES512'],
  ['EdDSA'],
);

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nuts-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const file = join(folder, `${(files += 1)}.pem`);
  writeFileSync(file, text);
  return file;
}

const source = (pair: KeyPair): KeySource => pemKeySource(write(pem(pair.publicKey)));

async function check(keys: KeySource, token: string): Promise<string> {
  try {
    await keys.checkSignature(parseCompactToken(token));
    return 'true';
  } catch (error) {
    return error instanceof InvalidTokenError ? error.fault : String(error);
  }
}

describe('hmacKeySource', () => {
  const keys = hmacKeySource(SECRET);

  it.each(['HS256', 'HS384', 'HS512'])('takes %s', async (alg) => {
    expect(await check(keys, signToken(alg, SECRET, {}))).toBe('true');
    expect(await check(keys, signToken(alg, `${SECRET}!`, {}))).toBe('signature');
  });

  it.each(ASYMMETRIC)('refuses %s', async (alg) => {
    expect(await check(keys, signToken('HS256', SECRET, {}, { alg }))).toBe('algorithm');
  });

  it.each(['none', 'None', 'NONE', '', 'hs256', 'HS256 ', 'HS1', 7, null, ['HS256'], { a: 1 }])(
    'refuses the algorithm %j',
    async (alg) =>
      expect(await check(keys, signToken('HS256', SECRET, {}, { alg }))).toBe('algorithm'),
  );

  it('refuses a token without an algorithm', async () => {
    const token = signToken('HS256', SECRET, {}, { alg: undefined });
    expect(await check(keys, token)).toBe('algorithm');
  });

  it('refuses a signature that was made with another of its algorithms', async () => {
    expect(await check(keys, signToken('HS256', SECRET, {}, { alg: 'HS512' }))).toBe('signature');
  });

  it('refuses a signature that is cut short', async () => {
    const token = signToken('HS256', SECRET, {});
    expect(await check(keys, token.slice(0, -7))).toBe('signature');
  });

  it('refuses a public key in the place of the secret, at start', () => {
    const text = pem(rsa().publicKey);
    expect(() => hmacKeySource(text)).toThrow(AccessOptionsError);
    expect(() => hmacKeySource(text)).toThrow(
      'subscriber_jwt_key contains a PEM key, which is not an HMAC secret: save it in a file and set subscriber_jwt_public_key to its path',
    );
    expect(() => hmacKeySource(text)).not.toThrow(text.split('\n')[1]);
  });

  it('refuses an empty secret, at start', () => {
    expect(() => hmacKeySource('')).toThrow('subscriber_jwt_key is empty');
  });
});

describe('pemKeySource', () => {
  const everyKey: [string, KeyPair, string[]][] = [
    ['rsa', rsa(), ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
    ['rsa-pss', rsaPss('sha256'), ['PS256']],
    ['P-256', ec('P-256'), ['ES256']],
    ['P-384', ec('P-384'), ['ES384']],
    ['P-521', ec('P-521'), ['ES512']],
    ['ed25519', ed25519(), ['EdDSA']],
  ];

  describe.each(everyKey)('%s', (_name, pair, fitting) => {
    it.each(fitting)('takes %s', async (alg) => {
      expect(await check(source(pair), signToken(alg, pair.privateKey, { a: 1 }))).toBe('true');
    });

    it('refuses every algorithm that does not fit the key', async () => {
      const keys = source(pair);
      for (const alg of [...ASYMMETRIC, 'HS256', 'HS384', 'HS512', 'none']) {
        if (fitting.includes(alg)) continue;
        const token = signToken(fitting[0] ?? '', pair.privateKey, {}, { alg });
        expect([alg, await check(keys, token)]).toEqual([
          alg,
          expect.stringMatching(/^(algorithm|signature)$/),
        ]);
      }
    });

    it('refuses a changed payload', async () => {
      const [alg = ''] = fitting;
      const token = signToken(alg, pair.privateKey, { subscribe: 'a' });
      const other = signToken(alg, pair.privateKey, { subscribe: '>' });
      const mixed = [token.split('.')[0], other.split('.')[1], token.split('.')[2]].join('.');
      expect(await check(source(pair), mixed)).toBe('signature');
    });

    it.each(['HS256', 'HS384', 'HS512'])('is no secret for %s', async (alg) => {
      const text = pem(pair.publicKey);
      const der = pair.publicKey.export({ format: 'der', type: 'spki' });
      for (const secret of [text, text.trim(), createSecretKey(der)]) {
        expect(await check(source(pair), signToken(alg, secret, {}))).toBe('algorithm');
      }
    });
  });

  it('refuses an ECDSA signature of zeros', async () => {
    const pair = ec('P-256');
    const [head, body] = signToken('ES256', pair.privateKey, {}).split('.');
    const zeros = Buffer.alloc(64).toString('base64url');
    expect(await check(source(pair), `${head}.${body}.${zeros}`)).toBe('signature');
  });

  it.each<[string, () => string, RegExp]>([
    ['a file that is missing', () => join(folder, 'missing.pem'), /cannot be read \(ENOENT\)/],
    ['a folder', () => folder, /cannot be read \(EISDIR\)/],
    ['an empty file', () => write(''), /contains no public key in PEM/],
    ['a text', () => write('hello'), /contains no public key in PEM/],
    ['a private key', () => write(pem(rsa().privateKey)), /contains a private key/],
    [
      'a private key of the older form',
      () => write(ec('P-256').privateKey.export({ format: 'pem', type: 'sec1' }).toString()),
      /contains a private key/,
    ],
    ['a short RSA key', () => write(pem(rsa(1024).publicKey)), /holds a rsa 1024 key/],
    ['a foreign curve', () => write(pem(ec('secp256k1').publicKey)), /holds a ec secp256k1 key/],
    [
      'a key for encryption',
      () => write(pem(generateKeyPairSync('x25519').publicKey)),
      /holds a x25519 key: allowed are RSA from 2048 bits on, P-256, P-384, P-521 and Ed25519/,
    ],
  ])('refuses %s, at start, and names setting and file', (_name, file, expected) => {
    const path = file();
    expect(() => pemKeySource(path)).toThrow(AccessOptionsError);
    expect(() => pemKeySource(path)).toThrow(`subscriber_jwt_public_key "${path}" `);
    expect(() => pemKeySource(path)).toThrow(expected);
  });
});

it('keeps the cause of a refusal for the log', async () => {
  const missing = join(folder, 'missing.pem');
  let refusal: unknown;
  try {
    pemKeySource(missing);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ cause: { code: 'ENOENT' } });
  const pair = ed25519();
  const cases: [KeySource, string][] = [
    [hmacKeySource(SECRET), signToken('HS256', 'foreign', {})],
    [source(pair), signToken('EdDSA', ed25519().privateKey, {})],
  ];
  for (const [keys, token] of cases) {
    await expect(keys.checkSignature(parseCompactToken(token))).rejects.toMatchObject({
      fault: 'signature',
      cause: expect.any(Error) as unknown,
    });
  }
});

it('leaves the times of a token to the check of its claims', async () => {
  const claims = { exp: 1, nbf: 9_999_999_999 };
  expect(await check(hmacKeySource(SECRET), signToken('HS256', SECRET, claims))).toBe('true');
});
