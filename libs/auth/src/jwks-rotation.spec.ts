import { Logger } from '@nestjs/common';
import type { AccessOptions } from './access-options.interface.js';
import type { JwksOptions } from './auth-options.js';
import { JwtTokenVerifier } from './jwt.token-verifier.js';
import { ec, ed25519, jwk, rsa } from './keys/key-pairs.fixture.js';
import { type JwksServer, startJwksServer } from './keys/jwks-server.fixture.js';
import { signToken } from './tokens.fixture.js';
import { verdict } from './verdict.fixture.js';

const first = ec('P-256');
const second = ec('P-256');

const verifiers: JwtTokenVerifier[] = [];
function verifier(jwks: Partial<JwksOptions> = {}): JwtTokenVerifier {
  const one = new JwtTokenVerifier({ jwks });
  verifiers.push(one);
  return one;
}

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  jest
    .spyOn(Logger.prototype, 'warn')
    .mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => {
  for (const one of verifiers.splice(0)) one.onApplicationShutdown();
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

  it('takes a key that was added six seconds after the last fetch, by default', async () => {
    const one = verifier();
    expect(await verdict(one, byFirst(), access)).toBe('true');
    jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    const [date, steady] = [Date.now() + 6_000, performance.now() + 6_000];
    const clocks = [
      jest.spyOn(Date, 'now').mockReturnValue(date),
      jest.spyOn(performance, 'now').mockReturnValue(steady),
    ];
    expect(await verdict(one, bySecond(), access)).toBe('true');
    for (const clock of clocks) clock.mockRestore();
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
    [
      'a key set without end',
      { keys: [jwk(second.publicKey, { kid: 'second', pad: 'x'.repeat(1024 * 1024) })] },
    ],
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

  it('fetches once for two hubs of one provider', async () => {
    const one = verifier();
    expect(await verdict(one, byFirst(), access)).toBe('true');
    expect(await verdict(one, byFirst(), { ...access, audience: 'x' })).toBe('audience');
    expect(jwks.fetches).toBe(1);
  });

  it('logs no query of the address', async () => {
    await jwks.close();
    await verdict(verifier(), byFirst(), { jwksUrl: `${jwks.url}?key=hush` });
    expect(warnings.join()).toContain('/jwks could not be used');
    expect(warnings.join()).not.toContain('hush');
  });
});
