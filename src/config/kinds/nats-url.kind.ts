import { isIPv6 } from 'node:net';
import { accepted, refused, type Parsed, type SettingKind } from '../setting.interface.js';
import { list } from './list.kind.js';

/** One NATS server, with its credentials separated from the URL. */
export interface NatsServer {
  /** The URL without credentials, for the client. */
  readonly address: string;
  readonly host: string;
  readonly transport: 'tcp' | 'websocket';
  /** Whether the scheme requires TLS. */
  readonly secure: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
}

const ADDRESS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]+)(.*)$/i;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/i;
const SCHEMES = ['nats', 'tls', 'ws', 'wss'];

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function credentials(userInfo: string): Pick<NatsServer, 'user' | 'password' | 'token'> | string {
  const colon = userInfo.indexOf(':');
  const first = decoded(colon < 0 ? userInfo : userInfo.slice(0, colon));
  const second = colon < 0 ? undefined : decoded(userInfo.slice(colon + 1));
  if (!first || (colon >= 0 && !second)) {
    return 'has credentials that are not TOKEN@ or USER:PASSWORD@, percent-encoded';
  }
  return colon < 0 ? { token: first } : { user: first, password: second };
}

/** Parses one URL. Errors do not repeat any part of it, because it may contain a password. */
export function natsServer(text: string): Parsed<NatsServer> {
  const [, written, authority = '', rest = ''] = ADDRESS.exec(text) ?? [];
  const scheme = written?.toLowerCase();
  if (scheme !== undefined && !SCHEMES.includes(scheme)) {
    return refused('has a scheme that NATS does not support');
  }
  const transport = scheme === 'ws' || scheme === 'wss' ? 'websocket' : 'tcp';
  if (rest !== '' && rest !== '/' && (transport === 'tcp' || !/^\/[!-~]*$/.test(rest))) {
    return refused('has something after the host and port');
  }
  const at = authority.lastIndexOf('@');
  const [, host, port] = HOST.exec(authority.slice(at + 1)) ?? [];
  if (host === undefined) return refused('has no valid host');
  if (host.startsWith('[') && !isIPv6(host.slice(1, -1))) return refused('has no valid host');
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) {
    return refused('has a port outside 1 to 65535');
  }
  const own = at < 0 ? {} : credentials(authority.slice(0, at));
  if (typeof own === 'string') return refused(own);
  const path = rest === '/' ? '' : rest;
  const address = `${scheme === undefined ? '' : `${scheme}://`}${authority.slice(at + 1)}${path}`;
  const secure = scheme === 'tls' || scheme === 'wss';
  return accepted({ address, host, transport, secure, ...own });
}

function sameWay(servers: readonly NatsServer[]): string | undefined {
  const [first] = servers;
  if (servers.some((server) => server.transport !== first?.transport)) {
    return 'mixes WebSocket addresses with others';
  }
  const given = servers.filter((server) => server.user !== undefined || server.token !== undefined);
  const ways = new Set(given.map(({ user, password, token }) => `${user}\n${password}\n${token}`));
  return ways.size > 1 ? 'has different credentials in its addresses' : undefined;
}

/** The URLs of the NATS servers (contract §7). */
export const natsServers: SettingKind<readonly NatsServer[]> = list({
  allowed:
    'nats://, tls://, ws:// or wss:// addresses, or host:port, separated by commas; ' +
    'ws:// and wss:// not beside the others; the same credentials in all of them',
  entry: natsServer,
  whole: sameWay,
});
