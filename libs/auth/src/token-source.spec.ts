import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { BearerOrCookieTokenSource } from './bearer-or-cookie.token-source.js';

const COOKIE = 'nuts_token';

function tokenIn(cookie: string, name: string | undefined = COOKIE): string | undefined {
  const request = new IncomingMessage(new Socket());
  request.headers.cookie = cookie;
  return new BearerOrCookieTokenSource().extract(request, name === '' ? {} : { cookie: name });
}

describe('the token in a cookie', () => {
  it.each([
    [`${COOKIE}=t`, 't'],
    [` ${COOKIE} = t ; a=b`, 't'],
    [`${COOKIE}="t"`, 't'],
    [`${COOKIE}=a=b`, 'a=b'],
    // Only a pair of quotes around the value is no part of it.
    [`${COOKIE}=a"b"`, 'a"b"'],
    [`${COOKIE}="a"b`, '"a"b'],
    [`${COOKIE}=""`, undefined],
    // A cookie without a value, whose name is longer.
    [`${COOKIE}s`, undefined],
    [`=t; ${COOKIE}`, undefined],
    ['', undefined],
  ])('of %j is %j', (cookie, token) => expect(tokenIn(cookie)).toBe(token));

  it('is not looked for where the hub names no cookie', () => {
    expect(tokenIn('undefined=t; =t', '')).toBeUndefined();
  });
});
