import type { IncomingHttpHeaders } from 'node:http';

/** The part of a request that tells which site made it. */
export interface RequestOrigin {
  readonly headers: IncomingHttpHeaders;
}

/** Schemes whose credentials browsers remember and send by themselves. */
const REMEMBERED = /^(basic|digest|negotiate|ntlm)\b/i;
/** No origin's name: `null` is any sandboxed page and local file. */
const NAMELESS = ['*', 'null'];

/**
 * Whether a browser may have added the request's credentials by itself, so that another site can cause
 * the request: a cookie, or an `Authorization` of a scheme that browsers remember. Other schemes are
 * put there by a script that knows the credentials.
 */
export function hasAmbientCredentials({ headers }: RequestOrigin): boolean {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) return REMEMBERED.test(authorization);
  return cookie !== undefined;
}

/**
 * Whether the request comes from a page of an origin that may not write with a user's cookies
 * (contract §10). An absent `Origin` is no page: browsers send one with every POST, PUT and DELETE.
 * `null` (a sandboxed frame, a redirect) is foreign.
 *
 * @param origins allowed origins; `*` and `null` name none
 */
export function isForeignOrigin(request: RequestOrigin, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  const isNamed = !NAMELESS.includes(origin) && origins.includes(origin);
  return !isNamed && !isOwnOrigin(origin, request);
}

/**
 * `Sec-Fetch-Site` is the browser's own judgement, which no page can set: it also holds behind a proxy
 * that rewrites `Host` or ends TLS. Without it (older browsers, plain HTTP) the hosts are compared.
 */
function isOwnOrigin(origin: string, { headers }: RequestOrigin): boolean {
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string' && site !== 'none') return site === 'same-origin';
  const { host } = headers;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
