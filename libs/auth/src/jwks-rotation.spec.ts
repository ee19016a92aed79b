import { jwk, ec, ed25519, rsa } from './keys/key-pairs.fixture.js';
import type { JwksServer } from './keys/jwks-server.fixture.js';
import { JwksRig } from './jwks-rig.fixture.js';
import { signToken } from './tokens.fixture.js';
import { verdict } from './verdict.fixture.js';

describe('JwtTokenVerifier with a JWKS', () => {
  const rig = new JwksRig();
  const { first, second, warnings } = rig;

  it('finds the key by its id, fetches once, and again for nobody', async () => {
    const one = rig.verifier();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => verdict(one, rig.byFirst(), rig.access)),
    );
    expect(new Set(all)).toEqual(new Set(['true']));
    expect(rig.jwks.fetches).toBe(1);
  });

  it('fetches at start, so that the first client does not wait', async () => {
    const one = rig.verifier();
    one.prepare(rig.access);
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(rig.jwks.fetches).toBe(1);
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
    rig.jwks.answer = { keys: [jwk(pair.publicKey, { kid: 'k' })] };
    const token = signToken(alg, pair.privateKey, {}, { kid: 'k' });
    expect(await verdict(rig.verifier(), token, rig.access)).toBe('true');
  });

  it('takes rotated keys without a restart, and drops the old ones', async () => {
    const one = rig.verifier({ cooldownMs: 0, retryMs: 0 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    expect(await verdict(one, rig.bySecond(), rig.access)).toBe('true');
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('unknown_key');
  });

  it('takes a key that was added six seconds after the last fetch, by default', async () => {
    const one = rig.verifier();
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    const [date, steady] = [Date.now() + 6_000, performance.now() + 6_000];
    const clocks = [
      jest.spyOn(Date, 'now').mockReturnValue(date),
      jest.spyOn(performance, 'now').mockReturnValue(steady),
    ];
    expect(await verdict(one, rig.bySecond(), rig.access)).toBe('true');
    for (const clock of clocks) clock.mockRestore();
  });

  it('notices in the background that a key was withdrawn, without anybody waiting', async () => {
    const one = rig.verifier({ maxAgeMs: 0, retryMs: 0 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    const deadline = Date.now() + 5_000;
    let latest = 'true';
    while (latest === 'true' && Date.now() < deadline)
      latest = await verdict(one, rig.byFirst(), rig.access);
    expect(latest).toBe('unknown_key');
  });

  it('keeps its keys while the provider is away, however old they grow', async () => {
    const one = rig.verifier({ maxAgeMs: 0, cooldownMs: 0, retryMs: 0 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    await rig.jwks.close();
    for (let i = 0; i < 20; i += 1) {
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
      expect(await verdict(one, rig.bySecond(`k${i}`), rig.access)).toBe('unknown_key');
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
    const one = rig.verifier({ maxAgeMs: 0, cooldownMs: 0, retryMs: 0 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = broken;
    expect(await verdict(one, rig.bySecond(), rig.access)).toBe('unknown_key');
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(rig.jwks.fetches).toBeGreaterThan(1);
  });

  it('does not wait for ever for a provider that does not answer', async () => {
    rig.jwks.answer = () => undefined;
    const one = rig.verifier({ timeoutMs: 50 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('unavailable');
  });

  it('calls keys that were never fetched transient, and comes up with the provider', async () => {
    rig.jwks.answer = (_, response) => response.writeHead(503).end();
    const one = rig.verifier({ retryMs: 0 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('unavailable');
    rig.jwks.answer = { keys: [jwk(first.publicKey, { kid: 'first' })] };
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
  });

  it('fetches once for two hubs of one provider', async () => {
    const one = rig.verifier();
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(await verdict(one, rig.byFirst(), { ...rig.access, audience: 'x' })).toBe('audience');
    expect(rig.jwks.fetches).toBe(1);
  });

  it('logs no query of the address', async () => {
    await rig.jwks.close();
    await verdict(rig.verifier(), rig.byFirst(), { jwksUrl: `${rig.jwks.url}?key=hush` });
    expect(warnings.join()).toContain('/jwks could not be used');
    expect(warnings.join()).not.toContain('hush');
  });
});
