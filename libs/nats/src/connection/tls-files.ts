import { isIP } from 'node:net';
import type { NatsOptions } from '../nats-options.interface.js';
import { readSettingFile } from './credentials.js';
import type { ServerAddress } from './server-url.js';

/** Node's TLS options for one attempt at one server. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
  /** The name that the certificate must contain; for an address, `host` instead. */
  readonly servername?: string;
  readonly host?: string;
}

/**
 * Reads the TLS files again for each attempt, because certificates are rotated. Undefined if no setting
 * requires TLS; the client still upgrades if the server does.
 *
 * @param verifiedName - the name to verify the certificate of an address against: an announced server is an
 *   address, but its certificate contains the name that was dialled first.
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
  // Node accepts no address as a server name (RFC 6066), and without `host` would verify "localhost".
  if (isIP(host) === 0) return { servername: host };
  return verifiedName === undefined ? { host } : { servername: verifiedName };
}
