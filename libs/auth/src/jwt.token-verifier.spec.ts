import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import { InvalidTokenError, KeysUnavailableException } from './auth.errors.js';
import type { JwksOptions } from './auth-options.js';
import { JwtTokenVerifier } from './jwt.token-verifier.js';
import { ec, ed25519, jwk, rsa } from './keys/key-pairs.fixture.js';
import { type JwksServer, startJwksServer } from './keys/jwks-server.fixture.js';
import { inMs, signText, signToken } from './tokens.fixture.js';

const SECRET = 'a secret of at least thirty-two bytes';
const first = ec('P-256');
const second = ec('P-256');

const verifiers: JwtTokenVerifier[] = [];
function verifier(jwks: Partial<JwksOptions> = {}): JwtTokenVerifier {
  const one = new JwtTokenVerifier({ jwks });
  verifiers.push(one);
  return one;
}

async function verdict(one: JwtTokenVerifier, token: string, access: AccessOptions) {
  try {
    await one.verify(token, access);
    return 'true';
  } catch (error) {
    if (error instanceof InvalidTokenError) return error.fault;
    return error instanceof KeysUnavailableException ? 'unavailable' : String(error);
  }
}

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  jest
    .spyOn(Logger.prototype, 'warn')
    .mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const one of verifiers.splice(0)) one.onApplicationShutdown();
});

describe('JwtTokenVerifier', () => {
  it('verifies with a secret, and hands on what the token says', async () => {
    const exp = Math.ceil(inMs(60_000));
    const token = signToken('HS256', SECRET, { sub: 'me', exp, subscribe: 'a' });
    expect(await verifier().verify(token, { secret: SECRET })).toEqual({
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

  it('looks at no claim of a token whose signature is wrong', async () => {
    const token = signToken('HS256', 'another', { exp: 1 });
    expect(await verdict(verifier(), token, { secret: SECRET })).toBe('signature');
  });

  it.each<[AccessOptions, RegExp]>([
    [{}, /must be set/],
    [{ issuer: 'x', cookie: 'y' }, /must be set/],
    [{ secret: SECRET, jwksUrl: 'https://id.example/' }, /exclude each other/],
    [{ jwksUrl: 'http://id.example/' }, /^subscriber_jwks_url must be https/],
    [{ publicKeyFile: 'missing.pem' }, /ENOENT/],
  ])('refuses the settings %j at start', (access, problem) => {
    expect(() => verifier().prepare(access)).toThrow(problem);
  });
});

describe('JwtTokenVerifier with a JWKS', () => {
  let jwks: JwksServer;
  let access: AccessOptions;
  beforeEach(async () => {
    jwks = await startJwksServer();
    jwks.answer = { keys: [jwk(first.publicKey, { kid: 'first' })] };
    access = { jwksUrl: jwks.url };
  });
  afterEach(() => jwks.close());

  const byFirst = (claims: object = {}) =>
    signToken('ES256', first.privateKey, claims, { kid: 'first' });
  const bySecond = (kid = 'second') => signToken('ES256', second.privateKey, {}, { kid });

  it('finds the key by its id, fetches once, and again for nobody', async () => {
    const one = verifier();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => verdict(one, byFirst(), access)),
    );
    expect(new Set(all)).toEqual(new Set(['true']));
    expect(jwks.fetches).toBe(1);
  });

  it('fetches at start, so that the first client does not wait', async () => {
    const one = verifier();
    one.prepare(access);
    expect(await verdict(one, byFirst(), access)).toBe('true');
    expect(jwks.fetches).toBe(1);
  });

  it.each<[string, () => ReturnType<typeof rsa>]>([
    ['RS256', rsa],
    ['RS384', rsa],
    ['RS512', rsa],
    ['PS256', rsa],
    ['PS384', rsa],
    ['PS512', rsa],
    ['ES256', () => ec('P-256')],
    ['ES384', () => ec('P-384')],
    ['ES512', () => ec('P-521')],
    ['EdDSA', ed25519],
  ])('verifies %s', async (alg, generate) => {
    const pair = generate();
    jwks.answer = { keys: [jwk(pair.publicKey, { kid: 'k' })] };
    const token = signToken(alg, pair.privateKey, {}, { kid: 'k' });
    expect(await verdict(verifier(), token, access)).toBe('true');
  });

  it('takes rotated keys without a restart, and drops the old ones', async () => {
    const one = verifier({ cooldownMs: 0, retryMs: 0 });
    expect(await verdict(one, byFirst(), access)).toBe('true');
    jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    expect(await verdict(one, bySecond(), access)).toBe('true');
    expect(await verdict(one, byFirst(), access)).toBe('unknown_key');
  });

  it('notices in the background that a key was withdrawn, without anybody waiting', async () => {
    const one = verifier({ maxAgeMs: 0, retryMs: 0 });
    expect(await verdict(one, byFirst(), access)).toBe('true');
    jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    const deadline = Date.now() + 5_000;
    let latest = 'true';
    while (latest === 'true' && Date.now() < deadline)
      latest = await verdict(one, byFirst(), access);
    expect(latest).toBe('unknown_key');
  });

  it('keeps its keys while the provider is away, however old they grow', async () => {
    const one = verifier({ maxAgeMs: 0, cooldownMs: 0, retryMs: 0 });
    expect(await verdict(one, byFirst(), access)).toBe('true');
    await jwks.close();
    for (let i = 0; i < 20; i += 1) {
      expect(await verdict(one, byFirst(), access)).toBe('true');
      expect(await verdict(one, bySecond(`k${i}`), access)).toBe('unknown_key');
    }
    expect(warnings.join()).toContain('the keys held serve on');
  });

  it.each<[string, JwksServer['answer']]>([
    ['an error', (_, response) => response.writeHead(500).end('{"keys":[]}')],
    ['a redirect', (_, response) => response.writeHead(302, { Location: '/elsewhere' }).end()],
    ['no JSON', (_, response) => response.end('<html>')],
    ['no key set', { keys: 'none' }],
    ['an endless body', (_, response) => response.end('x'.repeat(1024 * 1024))],
    ['a cut connection', (_, response) => response.destroy()],
  ])('keeps its keys when the provider answers with %s', async (_name, broken) => {
    const one = verifier({ maxAgeMs: 0, cooldownMs: 0, retryMs: 0 });
    expect(await verdict(one, byFirst(), access)).toBe('true');
    jwks.answer = broken;
    expect(await verdict(one, bySecond(), access)).toBe('unknown_key');
    expect(await verdict(one, byFirst(), access)).toBe('true');
    expect(jwks.fetches).toBeGreaterThan(1);
  });

  it('does not wait for ever for a provider that does not answer', async () => {
    jwks.answer = () => undefined;
    const one = verifier({ timeoutMs: 50 });
    expect(await verdict(one, byFirst(), access)).toBe('unavailable');
  });

  it('calls keys that were never fetched transient, and comes up with the provider', async () => {
    jwks.answer = (_, response) => response.writeHead(503).end();
    const one = verifier({ retryMs: 0 });
    expect(await verdict(one, byFirst(), access)).toBe('unavailable');
    jwks.answer = { keys: [jwk(first.publicKey, { kid: 'first' })] };
    expect(await verdict(one, byFirst(), access)).toBe('true');
  });

  it.each<[string, boolean]>([
    ['is there', true],
    ['is away', false],
  ])(
    'bounds the fetches when strangers invent key ids and the provider %s',
    async (_name, there) => {
      const one = verifier();
      if (!there) jwks.answer = (_request, response) => response.writeHead(500).end();
      for (let round = 0; round < 20; round += 1) {
        const flood = Array.from({ length: 50 }, (_, i) =>
          verdict(one, bySecond(`stranger-${round}-${i}`), access),
        );
        expect(new Set(await Promise.all(flood)).size).toBe(1);
      }
      expect(jwks.fetches).toBe(1);
      // The log grows with the fetches, not with the strangers.
      expect(warnings.length).toBeLessThanOrEqual(60);
    },
  );

  it('tells equal key ids of two issuers apart', async () => {
    const other = await startJwksServer();
    other.answer = { keys: [jwk(second.publicKey, { kid: 'first' })] };
    const mine = { jwksUrl: jwks.url, issuer: 'https://a.example' };
    const theirs = { jwksUrl: other.url, issuer: 'https://b.example' };
    const one = verifier();
    const tokenOfA = byFirst({ iss: mine.issuer });
    const tokenOfB = signToken(
      'ES256',
      second.privateKey,
      { iss: theirs.issuer },
      { kid: 'first' },
    );
    expect(await verdict(one, tokenOfA, mine)).toBe('true');
    expect(await verdict(one, tokenOfB, theirs)).toBe('true');
    expect(await verdict(one, tokenOfA, theirs)).toBe('signature');
    expect(await verdict(one, tokenOfB, mine)).toBe('signature');
    // Signed by A in the name of B: neither takes it.
    expect(await verdict(one, byFirst({ iss: theirs.issuer }), mine)).toBe('issuer');
    await other.close();
  });

  it('fetches once for two hubs of one provider', async () => {
    const one = verifier();
    expect(await verdict(one, byFirst(), access)).toBe('true');
    expect(await verdict(one, byFirst(), { ...access, audience: 'x' })).toBe('audience');
    expect(jwks.fetches).toBe(1);
  });

  it('tries each key that fits a token without an id', async () => {
    jwks.answer = {
      keys: [
        jwk(second.publicKey, { kid: 'second' }),
        jwk(first.publicKey, { kid: 'first' }),
        jwk(rsa().publicKey, { kid: 'third' }),
      ],
    };
    const one = verifier();
    const anonymous = (pair: typeof first) => signToken('ES256', pair.privateKey, {});
    expect(await verdict(one, anonymous(first), access)).toBe('true');
    expect(await verdict(one, anonymous(ec('P-256')), access)).toBe('signature');
  });

  it('does not take the public key for a secret', async () => {
    jwks.answer = {
      keys: [
        jwk(first.publicKey, { kid: 'first' }),
        { kty: 'oct', kid: 'shared', alg: 'HS256', k: Buffer.from(SECRET).toString('base64url') },
      ],
    };
    const one = verifier();
    const text = JSON.stringify(jwk(first.publicKey, { kid: 'first' }));
    for (const [kid, secret] of [
      ['first', text],
      ['shared', SECRET],
    ] as const) {
      expect(await verdict(one, signToken('HS256', secret, {}, { kid }), access)).toBe('algorithm');
    }
  });

  it('does not take the key that a token brings along', async () => {
    const brought = jwk(second.publicKey);
    const thumb = createHash('sha256').update(JSON.stringify(brought)).digest('base64url');
    for (const header of [
      { jwk: brought },
      { jku: 'https://attacker.example/jwks', kid: 'mine' },
      { x5u: 'https://attacker.example/cert', kid: 'first' },
      { x5c: [Buffer.from('certificate').toString('base64')], 'x5t#S256': thumb, kid: 'first' },
      { kid: '../../dev/null' },
      { kid: ['first'] },
      { kid: { toString: 'first' } },
      { kid: null },
    ]) {
      const token = signToken('ES256', second.privateKey, {}, header);
      expect(['signature', 'unknown_key']).toContain(await verdict(verifier(), token, access));
    }
  });

  it.each([{ use: 'enc' }, { key_ops: ['sign'] }, { alg: 'ES384' }])(
    'does not take a key that is not meant for it: %j',
    async (fields) => {
      jwks.answer = { keys: [jwk(first.publicKey, { kid: 'first', ...fields })] };
      expect(await verdict(verifier(), byFirst(), access)).toBe('unknown_key');
    },
  );

  it('logs no query of the address', async () => {
    await jwks.close();
    await verdict(verifier(), byFirst(), { jwksUrl: `${jwks.url}?key=hush` });
    expect(warnings.join()).toContain('/jwks could not be used');
    expect(warnings.join()).not.toContain('hush');
  });
});
