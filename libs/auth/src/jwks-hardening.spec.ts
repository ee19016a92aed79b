import { createHash } from 'node:crypto';
import { JwksRig } from './jwks-rig.fixture.js';
import { ec, jwk, rsa } from './keys/key-pairs.fixture.js';
import { startJwksServer } from './keys/jwks-server.fixture.js';
import { signToken } from './tokens.fixture.js';
import { verdict } from './verdict.fixture.js';

const SECRET = 'a secret of at least thirty-two bytes';

describe('JwtTokenVerifier with a JWKS, under attack', () => {
  const rig = new JwksRig();
  const { first, second, warnings } = rig;

  it.each<[string, boolean]>([
    ['is there', true],
    ['is away', false],
  ])(
    'bounds the fetches when strangers invent key ids and the provider %s',
    async (_name, there) => {
      // One of the two bounds at a time: the cooldown while fetches work, the pause while they fail.
      const one = rig.verifier(
        there ? { retryMs: 0, cooldownMs: 60_000 } : { retryMs: 60_000, cooldownMs: 0 },
      );
      if (!there) rig.jwks.answer = (_request, response) => response.writeHead(500).end();
      for (let round = 0; round < 20; round += 1) {
        const flood = Array.from({ length: 50 }, (_, i) =>
          verdict(one, rig.bySecond(`stranger-${round}-${i}`), rig.access),
        );
        expect(new Set(await Promise.all(flood)).size).toBe(1);
      }
      expect(rig.jwks.fetches).toBe(1);
      // The log grows with the fetches, not with the strangers.
      expect(warnings).toHaveLength(there ? 0 : 1);
    },
  );

  it('tells equal key ids of two issuers apart', async () => {
    const other = await startJwksServer();
    other.answer = { keys: [jwk(second.publicKey, { kid: 'first' })] };
    const mine = { jwksUrl: rig.jwks.url, issuer: 'https://a.example' };
    const theirs = { jwksUrl: other.url, issuer: 'https://b.example' };
    const one = rig.verifier();
    const tokenOfA = rig.byFirst({ iss: mine.issuer });
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
    expect(await verdict(one, rig.byFirst({ iss: theirs.issuer }), mine)).toBe('issuer');
    await other.close();
  });

  it('tells equal key ids of two addresses apart, also without issuers', async () => {
    const other = await startJwksServer();
    other.answer = { keys: [jwk(second.publicKey, { kid: 'first' })] };
    const one = rig.verifier();
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(await verdict(one, rig.byFirst(), { jwksUrl: other.url })).toBe('signature');
    await other.close();
  });

  it('tries each key that fits a token without an id', async () => {
    rig.jwks.answer = {
      keys: [
        jwk(second.publicKey, { kid: 'second' }),
        jwk(first.publicKey, { kid: 'first' }),
        jwk(rsa().publicKey, { kid: 'third' }),
      ],
    };
    const one = rig.verifier();
    const anonymous = (pair: typeof first) => signToken('ES256', pair.privateKey, {});
    expect(await verdict(one, anonymous(first), rig.access)).toBe('true');
    expect(await verdict(one, anonymous(ec('P-256')), rig.access)).toBe('signature');
  });

  it('does not take the public key for a secret', async () => {
    rig.jwks.answer = {
      keys: [
        jwk(first.publicKey, { kid: 'first' }),
        { kty: 'oct', kid: 'shared', alg: 'HS256', k: Buffer.from(SECRET).toString('base64url') },
      ],
    };
    const one = rig.verifier();
    const text = JSON.stringify(jwk(first.publicKey, { kid: 'first' }));
    for (const [kid, secret] of [
      ['first', text],
      ['shared', SECRET],
    ] as const) {
      expect(await verdict(one, signToken('HS256', secret, {}, { kid }), rig.access)).toBe(
        'algorithm',
      );
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
      expect(['signature', 'unknown_key']).toContain(
        await verdict(rig.verifier(), token, rig.access),
      );
    }
  });

  it.each([{ use: 'enc' }, { key_ops: ['sign'] }, { alg: 'ES384' }])(
    'does not take a key that is not meant for it: %j',
    async (fields) => {
      rig.jwks.answer = { keys: [jwk(first.publicKey, { kid: 'first', ...fields })] };
      expect(await verdict(rig.verifier(), rig.byFirst(), rig.access)).toBe('unknown_key');
    },
  );
});
