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

  it('does not let in with a key that was withdrawn longer ago than the greatest age', async () => {
    const one = rig.verifier({ maxAgeMs: 600_000 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    // No request came and no timer ran in between: a machine that slept.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_001);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => verdict(one, rig.byFirst(), rig.access)),
    );
    clock.mockRestore();
    expect(new Set(all)).toEqual(new Set(['unknown_key']));
    expect(rig.jwks.fetches).toBe(2);
  });

  it('notices a withdrawn key though no request comes, and says so to open streams', async () => {
    const one = rig.verifier();
    const access = { ...rig.access, jwksMaxAgeMs: 400 };
    const { isRevoked } = await one.verify(rig.byFirst(), access);
    expect(isRevoked?.()).toBe(false);
    rig.jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' })] };
    const withdrawn = performance.now();
    while (isRevoked?.() === false && performance.now() - withdrawn < 5_000) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(isRevoked?.()).toBe(true);
    expect(await verdict(one, rig.byFirst(), access)).toBe('unknown_key');
    rig.jwks.answer = { keys: [jwk(first.publicKey, { kid: 'first' })] };
  });

  it('keeps the streams of a key that stays, whatever is written beside it', async () => {
    const one = rig.verifier({ cooldownMs: 0 });
    const { isRevoked } = await one.verify(rig.byFirst(), rig.access);
    const stays = jwk(first.publicKey, { kid: 'first', 'x-note': 'renamed', exp: 1 });
    rig.jwks.answer = { keys: [jwk(second.publicKey, { kid: 'second' }), stays] };
    expect(await verdict(one, rig.bySecond(), rig.access)).toBe('true');
    expect(isRevoked?.()).toBe(false);
  });

  it.each([
    [0, 'unavailable', true],
    [3_600_000, 'unavailable', true],
    [86_400_000, 'true', false],
  ])('uses keys of a provider that is away up to %i ms', async (jwksMaxStaleMs, expected, ends) => {
    const one = rig.verifier();
    const access = { ...rig.access, jwksMaxStaleMs };
    const { isRevoked } = await one.verify(rig.byFirst(), access);
    await rig.jwks.close();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001);
    expect(await verdict(one, rig.byFirst(), access)).toBe(expected);
    expect(isRevoked?.()).toBe(ends);
    clock.mockRestore();
  });

  it('trusts its keys, and fetches no earlier, when the clock is set back', async () => {
    const one = rig.verifier();
    const { isRevoked } = await one.verify(rig.byFirst(), rig.access);
    await rig.jwks.close();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    expect(isRevoked?.()).toBe(false);
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(warnings).toEqual([]);
    const steady = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 90_000_000);
    expect(isRevoked?.()).toBe(true);
    for (const each of [clock, steady]) each.mockRestore();
  });

  it.each([null, 7, 'key', [], {}, { kty: null }, { kty: 'EC', kid: 'first' }])(
    'is not spoilt by a member that is no key: %j',
    async (member) => {
      rig.jwks.answer = { keys: [member, jwk(first.publicKey, { kid: 'first' })] };
      const one = rig.verifier();
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    },
  );

  it('lets only the first wait for a provider that hangs after the keys are old', async () => {
    const one = rig.verifier({ timeoutMs: 300, retryMs: 0 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = () => undefined;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_002);
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    const began = performance.now();
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(performance.now() - began).toBeLessThan(250);
    clock.mockRestore();
  });

  it('keeps its keys while the provider is away', async () => {
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
