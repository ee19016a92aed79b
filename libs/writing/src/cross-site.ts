import type { IncomingHttpHeaders } from 'node:http';

/** The parts of a request that identify the site that made it. */
export interface RequestOrigin {
  readonly headers: IncomingHttpHeaders;
}

/** Schemes whose credentials browsers remember and send automatically. */
const REMEMBERED = /^(basic|digest|negotiate|ntlm)\b/i;
/** Not real origins: `null` is any sandboxed page or local file. */
const NAMELESS = ['*', 'null'];

/**
 * Whether a browser may have added the request's credentials automatically, so that another site can cause
 * the request: a cookie, or an `Authorization` with a scheme that browsers remember. For other schemes, a
 * script must know the credentials.
 */
export function hasAmbientCredentials({ headers }: RequestOrigin): boolean {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) return REMEMBERED.test(authorization);
  return cookie !== undefined;
}

/**
 * Whether the request comes from a page whose origin may not write with a user's cookies (contract §10).
 * Without `Origin` the client is not a page: browsers send it with every POST, PUT and DELETE. `null` (a
 * sandboxed frame, a redirect) is foreign.
 *
 * @param origins allowed origins; `*` and `null` have no effect
 */
export function isForeignOrigin(request: RequestOrigin, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  const isNamed = !NAMELESS.includes(origin) && origins.includes(origin);
  return !isNamed && !isOwnOrigin(origin, request);
}

/**
 * `Sec-Fetch-Site` is set by the browser and cannot be forged by a page; it also works behind a proxy that
 * rewrites `Host` or terminates TLS. Without it (older browsers, plain HTTP), compare the hosts.
 */
function isOwnOrigin(origin: string, { headers }: RequestOrigin): boolean {
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string' && site !== 'none') return site === 'same-origin';
  const { host } = headers;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
