import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { type Answer, startHub, type TestHub } from './hub.fixture.js';
import { inMs, part, signText, signToken } from './tokens.fixture.js';

const SECRET = 'a secret of at least thirty-two bytes';
const COOKIE = 'nuts_token';
const CLAIMS = { sub: 'me', subscribe: 'a' };
const good = (): string => signToken('HS256', SECRET, CLAIMS);
const other = (): string => signToken('HS256', SECRET, { sub: 'other', subscribe: 'a' });
const bearer = (token: string): string => `Authorization: Bearer ${token}`;
const cookie = (token: string): string => `Cookie: ${COOKIE}=${token}`;

/** Attacks over HTTP on the guard with its defaults. */
describe('hardening of access', () => {
  let hub: TestHub;
  const log: unknown[] = [];

  beforeAll(async () => {
    hub = await startHub({ access: { secret: SECRET, cookie: COOKIE } });
  });
  afterAll(() => hub.close());
  beforeEach(() => {
    log.length = hub.rejections.length = 0;
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void log.push(line));
  });

  function expectRefused(answer: Answer, reason = 'auth_invalid_token'): void {
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      statusCode: 401,
      message: 'Unauthorized',
      error: 'Unauthorized',
    });
    expect(answer.head).toContain('WWW-Authenticate: Bearer realm="nuts"');
    expect(hub.rejections).toEqual([`main ${reason}`]);
    expect(log).toHaveLength(1);
  }

  it.each<[string, string[]]>([
    ['the header', [bearer(good())]],
    ['the header, its scheme in lower case', [`authorization: bearer ${good()}`]],
    ['the cookie', [cookie(good())]],
    ['the cookie among others', [`Cookie: a=b; ${COOKIE}=${good()}; c`]],
    ['a quoted cookie', [`Cookie: ${COOKIE}="${good()}"`]],
    ['the header, which wins over the cookie', [cookie(other()), bearer(good())]],
    ['the header, whatever the cookie', [cookie('broken'), bearer(good())]],
    ['the first of two cookies', [`Cookie: ${COOKIE}=${good()}; ${COOKIE}=${other()}`]],
  ])('takes the token from %s', async (_name, lines) => {
    const answer = await hub.get(lines);
    expect(answer.status).toBe(200);
    expect(answer.body.subscriber).toEqual({ subject: 'me', filters: ['a'] });
  });

  it.each<[string, string[]]>([
    ['nowhere', []],
    ['in another cookie', [`Cookie: other=${good()}; x${COOKIE}=${good()}`]],
    ['in a cookie of another case', [`Cookie: ${COOKIE.toUpperCase()}=${good()}`]],
    ['in an empty cookie', [`Cookie: ${COOKIE}=`]],
    ['in a cookie without a name', [`Cookie: =${good()}; ${good()}`]],
    [
      'in another header',
      [`X-Authorization: Bearer ${good()}`, `Proxy-Authorization: Bearer ${good()}`],
    ],
  ])('finds no token %s', async (_name, lines) => {
    expectRefused(await hub.get(lines), 'auth_missing_token');
  });

  it.each(['access_token', 'token', 'authorization', 'jwt'])(
    'finds no token in the query (%s)',
    async (name) => {
      const answer = await hub.get([], [`a&${name}=${good()}`]);
      expectRefused(answer, 'auth_missing_token');
    },
  );

  // Each with a good cookie beside it, which must not be looked at.
  it.each<[string, string[]]>([
    ['that is empty', ['Authorization:']],
    ['without a token', ['Authorization: Bearer']],
    ['with the token alone', [`Authorization: ${good()}`]],
    ['of another scheme', [`Authorization: Basic ${Buffer.from('a:b').toString('base64')}`]],
    ['of two schemes', [`Authorization: Bearer Bearer ${good()}`]],
    ['with two tokens', [`Authorization: Bearer ${good()}, Bearer ${good()}`]],
    ['with a word behind', [`Authorization: Bearer ${good()} x`]],
    ['sent twice', [bearer(good()), bearer(good())]],
    ['sent twice, once empty', [bearer(good()), 'Authorization:']],
    ['sent twice in two cases', [bearer(good()), `AUTHORIZATION: Bearer ${good()}`]],
    ['with a false token', [bearer(`${good()}x`)]],
    ['with a token in quotes', [`Authorization: Bearer "${good()}"`]],
    ['with other letters', ['Authorization: Bearer \xe4\xf6\xfc']],
  ])('refuses a header %s, next to a good cookie', async (_name, lines) => {
    expectRefused(await hub.get([...lines, cookie(good())]));
  });

  it.each<[string, string]>([
    ['none', `${part('{"alg":"none"}')}.${part(JSON.stringify(CLAIMS))}.`],
    ['none with a signature', signToken('HS256', SECRET, CLAIMS, { alg: 'none' })],
    ['nOnE', signToken('HS256', SECRET, CLAIMS, { alg: 'nOnE' })],
    ['an empty signature', good().replace(/[^.]+$/, '')],
    ['a foreign secret', signToken('HS256', 'foreign', CLAIMS)],
    ['an empty secret', signToken('HS256', '', CLAIMS)],
    ['a public algorithm', signToken('HS256', SECRET, CLAIMS, { alg: 'RS256' })],
    ['a changed payload', good().replace(/\.[^.]+\./, `.${part('{"subscribe":">"}')}.`)],
    ['an expired token', signToken('HS256', SECRET, { ...CLAIMS, exp: inMs(-1) })],
    ['one of tomorrow', signToken('HS256', SECRET, { ...CLAIMS, nbf: inMs(86_400_000) })],
    ['an expiry in quotes', signToken('HS256', SECRET, { ...CLAIMS, exp: '9999999999' })],
    ['an expiry of null', signToken('HS256', SECRET, { ...CLAIMS, exp: null })],
    ['critical extensions', signToken('HS256', SECRET, CLAIMS, { crit: ['exp'] })],
    ['an unencoded payload', signToken('HS256', SECRET, CLAIMS, { b64: false, crit: ['b64'] })],
    ['a payload that is a text', signText('HS256', SECRET, '{"alg":"HS256"}', '"subscribe"')],
    ['a payload that is a list', signText('HS256', SECRET, '{"alg":"HS256"}', '[">"]')],
    [
      'a claim twice',
      signText('HS256', SECRET, '{"alg":"HS256"}', '{"subscribe":"b","subscribe":"a"}'),
    ],
    ['too long a token', signToken('HS256', SECRET, { ...CLAIMS, fill: 'x'.repeat(6200) })],
    [
      'a small token with a long header',
      signToken('HS256', SECRET, CLAIMS, { x: 'x'.repeat(6200) }),
    ],
  ])('refuses %s', async (_name, token) => {
    expectRefused(await hub.get([bearer(token)]));
  });

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a number', 1],
    ['true', true],
    ['an object', { a: true }],
    ['an empty text', ''],
    ['an empty list', []],
    ['too long a list', Array.from({ length: 129 }, () => 'a')],
    ['a list with a number', ['a', 1]],
    ['a list with null', ['a', null]],
    ['a list in a list', [['a']]],
    ['a list with a malformed filter', ['a', 'a..b']],
    ['malformed: empty token', '.a'],
    ['malformed: > in the middle', 'a.>.b'],
    ['malformed: half a wildcard', 'a*'],
    ['malformed: white space', 'a b'],
    ['malformed: control character', 'a\r\nb'],
  ])('refuses a subscribe claim that is %s', async (_name, subscribe) => {
    expectRefused(await hub.get([bearer(signToken('HS256', SECRET, { subscribe }))]));
  });

  it('finds no subscribe claim in a prototype', async () => {
    const claims = '{"__proto__":{"subscribe":">"},"constructor":1}';
    expectRefused(await hub.get([bearer(signText('HS256', SECRET, '{"alg":"HS256"}', claims))]));
  });

  it('takes 128 filters', async () => {
    const subscribe = Array.from({ length: 128 }, (_, i) => `t${i}`);
    const token = signToken('HS256', SECRET, { subscribe });
    expect((await hub.get([bearer(token)], ['t0', 't127'])).status).toBe(200);
  });

  it('refuses topics that the token does not cover, all for one', async () => {
    const token = signToken('HS256', SECRET, { subscribe: ['orders.*', 'tenant-a.>'] });
    const ask = async (...topics: string[]) => (await hub.get([bearer(token)], topics)).status;
    expect(await ask('orders.new', 'tenant-a.x.y')).toBe(200);
    expect(await ask('orders.new', 'tenant-b.x')).toBe(403);
    expect(await ask('orders.new.eu')).toBe(403);
    expect(await ask('orders')).toBe(403);
    expect(await ask('orders.>')).toBe(403);
    expect(await ask('orders.*')).toBe(200);
  });

  it('answers 403 with a constant message', async () => {
    const answer = await hub.get([bearer(good())], ['b']);
    expect(answer.body).toEqual({
      statusCode: 403,
      message: 'Forbidden topic',
      error: 'Forbidden',
    });
    expect(answer.head).not.toContain('WWW-Authenticate');
    expect(hub.rejections).toEqual(['main auth_topic_forbidden']);
  });

  it('tells neither log nor client anything of a token', async () => {
    const token = signToken('HS256', 'foreign', { ...CLAIMS, hush: 'hush' }, { kid: 'hush' });
    const answer = await hub.get([bearer(token), cookie(token)]);
    const told = JSON.stringify(log) + answer.head + JSON.stringify(answer.body);
    for (const piece of ['hush', ...token.split('.'), SECRET]) expect(told).not.toContain(piece);
  });

  it('refuses any header and any cookie, and never fails', async () => {
    const texts = fc.string({
      unit: fc.integer({ min: 0x20, max: 0xff }).map((c) => String.fromCharCode(c)),
    });
    const line = fc.oneof(
      texts.map((text) => `Authorization: ${text}`),
      texts.map((text) => bearer(text)),
      texts.map((text) => cookie(text)),
      fc.tuple(fc.json(), fc.json()).map(([h, p]) => bearer(signText('HS256', SECRET, h, p))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 3 }), async (lines) => {
        // 400: Node refuses a header of its own accord.
        expect([400, 401]).toContain((await hub.get(lines)).status);
      }),
      { numRuns: 300 },
    );
  });
});
