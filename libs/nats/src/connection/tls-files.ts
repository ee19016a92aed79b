import { isIP } from 'node:net';
import type { NatsOptions } from '../nats-options.interface.js';
import { readSettingFile } from './credentials.js';
import type { ServerAddress } from './server-url.js';

/** What Node's TLS takes, for one attempt at one server. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  /** The name that the certificate must bear; `host` instead of it for an address. */
  readonly servername?: string;
  readonly host?: string;
}

/**
 * Reads the TLS files anew for each attempt, since certificates are rotated. Undefined when nothing
 * asks for TLS; the client then still upgrades when the server requires it.
 *
 * @param verifiedName - name to check the certificate of an address against: a server learnt from
 *   the cluster is an address, its certificate bears the name that we dialled first.
 */
export async function readTls(
  options: NatsOptions,
  server: ServerAddress,
  verifiedName?: string,
): Promise<TlsMaterial | undefined> {
  const { tls } = options;
  if (tls === undefined && server.scheme !== 'tls' && server.scheme !== 'wss') return undefined;
  const read = (setting: string, path?: string): Promise<string | undefined> =>
    path === undefined ? Promise.resolve(undefined) : readSettingFile(setting, path);
  const [ca, cert, key] = await Promise.all([
    read('nats_tls_ca', tls?.caFile),
    read('nats_tls_cert', tls?.certFile),
    read('nats_tls_key', tls?.keyFile),
  ]);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls?.insecureSkipVerify && { rejectUnauthorized: false }),
    ...identity(server, verifiedName),
  };
}

function identity(
  server: ServerAddress,
  verifiedName: string | undefined,
): Pick<TlsMaterial, 'servername' | 'host'> {
  const host = server.host.replace(/^\[|\]$/g, '');
  // Node takes no address as a server name (RFC 6066), and without `host` would check "localhost".
  if (isIP(host) === 0) return { servername: host };
  return verifiedName === undefined ? { host } : { servername: verifiedName };
}
