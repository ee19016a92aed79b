import type { ServerResponse } from 'node:http';
import { JwksRig } from '../jwks-rig.fixture.js';
import { signToken } from '../tokens.fixture.js';
import { verdict } from '../verdict.fixture.js';
import { ec, jwk, rsa } from './key-pairs.fixture.js';

const MAX_AGE_MS = 600_000;

describe('a remote key set', () => {
  const rig = new JwksRig();
  const { first, second, warnings } = rig;
  const onlySecond = { keys: [jwk(second.publicKey, { kid: 'second' })] };
  let nowMs: number;

  beforeEach(() => {
    nowMs = 1_800_000_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('uses its keys up to their greatest age, and not a millisecond more', async () => {
    const one = rig.verifier();
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = onlySecond;
    nowMs += MAX_AGE_MS;
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(rig.jwks.fetches).toBe(1);
    nowMs += 1;
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('unknown_key');
  });

  it('uses keys of a provider that is away up to their greatest age', async () => {
    const one = rig.verifier({ maxStaleMs: 2 * MAX_AGE_MS });
    const { isRevoked } = await one.verify(rig.byFirst(), rig.access);
    rig.jwks.answer = (_request, response) => response.writeHead(503).end();
    nowMs += 2 * MAX_AGE_MS;
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    expect(isRevoked?.()).toBe(false);
    expect(warnings.at(-1)).toMatch(/status 503, expected 200\): the keys held serve on$/);
    nowMs += 5000;
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('unavailable');
    expect(isRevoked?.()).toBe(true);
    expect(warnings.at(-1)).toMatch(/: no key is held, tokens wait$/);
  });

  it('looks for an unknown key again after the cooldown', async () => {
    const one = rig.verifier({ cooldownMs: 5000 });
    expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
    rig.jwks.answer = onlySecond;
    nowMs += 4999;
    expect(await verdict(one, rig.bySecond(), rig.access)).toBe('unknown_key');
    nowMs += 1;
    expect(await verdict(one, rig.bySecond(), rig.access)).toBe('true');
  });

  it.each([1000, MAX_AGE_MS])(
    'does not excuse old keys by a failure at %d ms',
    async (failedMs) => {
      const one = rig.verifier({ cooldownMs: 0 });
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
      rig.jwks.answer = (_request, response) => response.writeHead(500).end();
      nowMs += failedMs;
      expect(await verdict(one, rig.bySecond(), rig.access)).toBe('unknown_key');
      expect(rig.jwks.fetches).toBe(2);
      rig.jwks.answer = onlySecond;
      nowMs += MAX_AGE_MS;
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('unknown_key');
    },
  );

  it('tells why a provider cannot be reached', async () => {
    await rig.jwks.close();
    expect(await verdict(rig.verifier(), rig.byFirst(), rig.access)).toBe('unavailable');
    expect(warnings).toEqual([expect.stringContaining(' (fetch failed, ECONNREFUSED): ')]);
  });

  it('says in its requests who asks for what', async () => {
    const headers: unknown[] = [];
    rig.jwks.answer = (request, response) => {
      headers.push(request.headers['user-agent'], request.headers.accept);
      response.end('{"keys":[]}');
    };
    await verdict(rig.verifier(), rig.byFirst(), rig.access);
    expect(headers).toEqual(['nuts', 'application/json, application/jwk-set+json']);
  });

  it.each<[string, number, string, string]>([
    ['no content', 204, '', 'the response has status 204, expected 200'],
    ['nothing', 200, 'null', 'the response is not a key set'],
    ['no key set', 200, '{"keys":{}}', 'the response is not a key set'],
    ['too much', 200, ' '.repeat(512 * 1024 + 1), 'the response exceeds 524288 bytes'],
  ])('says what is wrong with %s', async (_name, status, body, problem) => {
    rig.jwks.answer = (_request, response) => response.writeHead(status).end(body);
    expect(await verdict(rig.verifier(), rig.byFirst(), rig.access)).toBe('unavailable');
    expect(warnings).toEqual([
      `JWKS ${rig.jwks.url} could not be used (${problem}): no key is held, tokens wait`,
    ]);
  });

  it('takes a key set of the greatest size', async () => {
    const keys = JSON.stringify(rig.jwks.answer);
    rig.jwks.answer = (_request, response) => response.end(keys.padEnd(512 * 1024));
    expect(await verdict(rig.verifier(), rig.byFirst(), rig.access)).toBe('true');
  });

  it('tells once that a key is unusable, and takes the others', async () => {
    const broken = { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' };
    rig.jwks.answer = { keys: [broken, jwk(first.publicKey)] };
    const one = rig.verifier();
    const token = signToken('ES256', first.privateKey, {});
    for (let i = 0; i < 3; i += 1) expect(await verdict(one, token, rig.access)).toBe('true');
    expect(warnings).toEqual([expect.stringMatching(/: the keys held serve on$/)]);
    rig.jwks.answer = { keys: [broken] };
    expect(await verdict(rig.verifier(), token, rig.access)).toBe('unknown_key');
  });

  it('does not warn of keys that are not meant for a token', async () => {
    const pairs = [rsa(), ec('P-384'), second];
    rig.jwks.answer = { keys: pairs.map((pair) => jwk(pair.publicKey)) };
    const token = signToken('ES256', first.privateKey, {});
    expect(await verdict(rig.verifier(), token, rig.access)).toBe('signature');
    expect(warnings).toEqual([]);
  });

  describe('by its timer', () => {
    beforeEach(() => {
      jest.useFakeTimers({
        doNotFake: [
          ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
          ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
        ],
      });
    });
    const fetched = async (fetches: number): Promise<void> => {
      while (rig.jwks.fetches < fetches) await new Promise((resolve) => setImmediate(resolve));
    };

    it('is fetched again at half its greatest age', async () => {
      const one = rig.verifier();
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
      expect(jest.getTimerCount()).toBe(1);
      rig.jwks.answer = onlySecond;
      jest.advanceTimersByTime(MAX_AGE_MS / 2 - 1);
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
      expect(rig.jwks.fetches).toBe(1);
      jest.advanceTimersByTime(1);
      await fetched(2);
    });

    it.each([
      ['a little early', MAX_AGE_MS, 5000],
      ['before tokens may ask again, if keys live shorter', 3000, 1500],
    ])('goes on after a failed fetch: %s', async (_name, jwksMaxAgeMs, pauseMs) => {
      const one = rig.verifier({ retryMs: 5000 });
      const access = { ...rig.access, jwksMaxAgeMs };
      expect(await verdict(one, rig.byFirst(), access)).toBe('true');
      rig.jwks.answer = (_request, response) => response.writeHead(503).end();
      nowMs += jwksMaxAgeMs / 2;
      jest.advanceTimersByTime(jwksMaxAgeMs / 2);
      while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve));
      jest.advanceTimersByTime(pauseMs - 1);
      expect([rig.jwks.fetches, jest.getTimerCount()]).toEqual([2, 1]);
      // Timers may fire before the clock has moved as far.
      nowMs += pauseMs - 1;
      jest.advanceTimersByTime(1);
      await fetched(3);
    });

    it('is waited for, also shortly after a failure', async () => {
      const one = rig.verifier({ retryMs: 5000 });
      expect(await verdict(one, rig.byFirst(), rig.access)).toBe('true');
      rig.jwks.answer = (_request, response) => response.writeHead(503).end();
      nowMs += MAX_AGE_MS / 2;
      jest.advanceTimersByTime(MAX_AGE_MS / 2);
      while (warnings.length === 0) await new Promise((resolve) => setImmediate(resolve));
      const asked = new Promise<ServerResponse>((resolve) => {
        rig.jwks.answer = (_request, response) => resolve(response);
      });
      jest.advanceTimersByTime(5000);
      const response = await asked;
      const found = verdict(one, rig.bySecond(), rig.access);
      response.end(JSON.stringify(onlySecond));
      expect(await found).toBe('true');
    });

    it('keeps one timer, and none when it is closed', async () => {
      const one = rig.verifier({ cooldownMs: 0 });
      for (let i = 0; i < 3; i += 1) {
        expect(await verdict(one, rig.bySecond(), rig.access)).toBe('unknown_key');
      }
      expect(rig.jwks.fetches).toBeGreaterThan(1);
      expect(jest.getTimerCount()).toBe(1);
      one.onApplicationShutdown();
      expect(jest.getTimerCount()).toBe(0);
    });

    it('tells nothing of a fetch that was under way when it was closed', async () => {
      const asked = new Promise((resolve) => (rig.jwks.answer = resolve));
      const one = rig.verifier();
      const found = verdict(one, rig.byFirst(), rig.access);
      await asked;
      one.onApplicationShutdown();
      expect(await found).toBe('unavailable');
      expect(jest.getTimerCount()).toBe(0);
      expect(warnings).toEqual([]);
    });
  });
});
