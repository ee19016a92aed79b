import fc from 'fast-check';
import { InvalidTokenError, type TokenFault } from './auth.errors.js';
import { MAX_TOKEN_BYTES, parseCompactToken } from './compact-token.js';
import { part } from './tokens.fixture.js';

const HEADER = '{"alg":"HS256"}';
const token = (header: string, payload: string | Buffer, signature = part('signature')): string =>
  `${part(header)}.${part(payload)}.${signature}`;

function fault(text: string): TokenFault | undefined {
  try {
    parseCompactToken(text);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidTokenError) return error.fault;
    throw error;
  }
}

describe('parseCompactToken', () => {
  it('takes a token apart', () => {
    const text = token(HEADER, '{"sub":"me","deep":{"sub":"other","list":[{"sub":1},{"sub":2}]}}');
    const { header, payload } = parseCompactToken(text);
    expect(header).toEqual({ alg: 'HS256' });
    expect(payload).toMatchObject({ sub: 'me' });
  });

  it('takes a token of the greatest size', () => {
    const rest = MAX_TOKEN_BYTES - token(HEADER, '{}', '').length;
    const text = token(HEADER, '{}', 'A'.repeat(rest));
    expect(fault(text)).toBeUndefined();
    expect(fault(`${text}A`)).toBe('oversized');
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['one part', part(HEADER)],
    ['no signature part', `${part(HEADER)}.${part('{}')}`],
    ['an empty signature', token(HEADER, '{}', '')],
    ['an empty payload', `${part(HEADER)}..${part('s')}`],
    ['an empty header', `.${part('{}')}.${part('s')}`],
    ['four parts', `${token(HEADER, '{}')}.x`],
    ['five parts, an encrypted token', 'a.b.c.d.e'],
    ['padding', token(HEADER, '{}', 'YQ==')],
    ['base64 that is not base64url', token(HEADER, '{}', 'a+/a')],
    ['stray bits in the last character', token(HEADER, '{}', 'YR')],
    ['a part of an impossible length', token(HEADER, '{}', 'aaaaa')],
    ['a line break at the end', `${token(HEADER, '{}')}\n`],
    ['a header that is no JSON', token('alg', '{}')],
    ['a payload that is no JSON', token(HEADER, 'sub')],
    ['a payload of nothing but white space', token(HEADER, ' ')],
    ['a payload that is text', token(HEADER, '"text"')],
    ['a payload that is a number', token(HEADER, '1')],
    ['a payload that is a list', token(HEADER, '[{"subscribe":">"}]')],
    ['a payload that is null', token(HEADER, 'null')],
    ['a payload with a byte order mark', token(HEADER, '\ufeff{}')],
    ['a payload that is not UTF-8', token(HEADER, Buffer.from('{"sub":"\xff"}', 'latin1'))],
    ['a claim twice', token(HEADER, '{"subscribe":"a","subscribe":">"}')],
    ['a claim twice, once escaped', token(HEADER, '{"exp":1,"\\u0065xp":2}')],
    ['a key twice further inside', token(HEADER, '{"a":[{"b":1,"b":2}]}')],
    ['a header field twice', token('{"alg":"HS256","alg":"none"}', '{}')],
    ['__proto__ twice', token(HEADER, '{"__proto__":{},"__proto__":{"exp":1}}')],
  ])('refuses %s', (_name, text) => {
    expect(fault(text)).toBe('malformed');
  });

  it.each(['{"alg":"HS256","crit":["exp"]}', '{"alg":"HS256","b64":false,"crit":["b64"]}'])(
    'refuses the extensions of %s',
    (header) => expect(fault(token(header, '{}'))).toBe('critical_header'),
  );

  it('refuses b64 without crit as well', () => {
    expect(fault(token('{"alg":"HS256","b64":false}', '{}'))).toBe('critical_header');
  });

  it('takes the longest token, and refuses one byte more', () => {
    const head = `${part(HEADER)}.${part('{}')}.`;
    const whole = Math.floor((MAX_TOKEN_BYTES - head.length) / 4) * 4;
    const longest = head + 'A'.repeat(whole);
    expect(fault(longest)).toBeUndefined();
    expect(fault(longest + 'A'.repeat(MAX_TOKEN_BYTES - longest.length + 1))).toBe('oversized');
  });

  it('takes a decoded payload of nearly 6 KiB, and none that exceeds it', () => {
    const filled = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    const short = (payload: string) => `${part('{}')}.${part(payload)}.${part('s')}`;
    expect(fault(short(filled(6 * 1024 - 10)))).toBeUndefined();
    expect(fault(short(filled(6 * 1024 + 1)))).toBe('oversized');
  });

  it('takes deep nesting without exhausting the stack', () => {
    expect(fault(token(HEADER, `{"a":${'['.repeat(2900)}${']'.repeat(2900)}}`))).toBeUndefined();
  });

  it('says nothing of the token in its error', () => {
    expect(() => parseCompactToken(token(HEADER, 'secret-claim'))).toThrow(
      /^token refused: malformed$/,
    );
  });

  it('knows one kind of error, whatever comes', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.string(), fc.string()).map(([h, p]) => token(h, p)),
      fc.json().map((json) => token(HEADER, json)),
    );
    fc.assert(
      fc.property(anything, (text) => void fault(text)),
      { numRuns: 2000 },
    );
  });

  it('counts keys as JSON.parse does: what JSON.stringify wrote is never called a duplicate', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (claims) => {
        const text = token(HEADER, JSON.stringify(claims, null, 1));
        expect([undefined, 'oversized']).toContain(fault(text));
      }),
    );
  });
});
