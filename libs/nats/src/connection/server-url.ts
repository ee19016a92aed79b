import { NatsConnectError } from '../nats.errors.js';

/** The scheme of a server. `nats` is upgraded to TLS if the server requires it. */
export type ServerScheme = 'nats' | 'tls' | 'ws' | 'wss';

/** A parsed server URL. */
export interface ServerAddress {
  readonly scheme: ServerScheme;
  /** A name, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
  /** Path and query, only for `ws` and `wss`. */
  readonly path: string;
  readonly user?: string;
  readonly password?: string;
  /** User info without a colon is a token, as in all NATS clients. */
  readonly token?: string;
}

const PORTS: Record<ServerScheme, number> = { nats: 4222, tls: 4222, ws: 80, wss: 443 };

/**
 * Parses a server URL or `host:port`.
 *
 * @throws NatsConnectError `bad_option`, with the credentials masked.
 */
export function parseServer(text: string): ServerAddress {
  const trimmed = text.trim();
  const [, schemeText = 'nats', rest = ''] = /^(?:([^:/@]+):\/\/)?(.*)$/s.exec(trimmed) ?? [];
  const scheme = schemeText.toLowerCase();
  if (!isScheme(scheme)) throw unusable(trimmed, 'its scheme is not nats, tls, ws or wss');
  // `nats:` is not a special scheme in WHATWG URLs, so the ports 80 and 443 are kept.
  if (!URL.canParse(`nats://${rest}`)) throw unusable(trimmed, 'it is not a URL or host:port');
  const url = new URL(`nats://${rest}`);
  if (url.hostname === '') throw unusable(trimmed, 'the host is missing');
  const web = scheme === 'ws' || scheme === 'wss';
  return {
    scheme,
    host: url.hostname,
    port: url.port === '' ? PORTS[scheme] : Number(url.port),
    path: web ? `${url.pathname}${url.search}` : '',
    ...userInfo(url, rest, trimmed),
  };
}

/** The address for logs, without credentials. */
export function showServer(server: ServerAddress): string {
  return `${server.scheme}://${server.host}:${server.port}${server.path}`;
}

/**
 * Masks the user info in a URL or a comma-separated list of URLs: everything between a known scheme and the
 * last `@`, including other servers. The end of a server within a list is ambiguous, because a raw password
 * may contain a comma, a scheme and an `@`, and a token may look like a scheme.
 */
export function maskUrl(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  const scheme = /^\s*(?:nats|tls|wss?|https?):\/\//i.exec(text)?.[0] ?? '';
  return `${scheme}***${text.slice(at)}`;
}

function isScheme(text: string): text is ServerScheme {
  return Object.hasOwn(PORTS, text);
}

function userInfo(
  url: URL,
  rest: string,
  text: string,
): Pick<ServerAddress, 'user' | 'password' | 'token'> {
  if (url.username === '' && url.password === '') return {};
  try {
    const user = decodeURIComponent(url.username);
    const hasColon = /^[^@]*:[^@]*@/.test(rest);
    return hasColon ? { user, password: decodeURIComponent(url.password) } : { token: user };
  } catch (cause) {
    throw unusable(text, 'its user info is not percent-encoded correctly', cause);
  }
}

function unusable(text: string, why: string, cause?: unknown): NatsConnectError {
  const message = `The server "${maskUrl(text)}" cannot be used: ${why}; see nats_url.`;
  return new NatsConnectError('bad_option', message, { cause });
}
