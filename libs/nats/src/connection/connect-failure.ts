import { NatsConnectError, type NatsConnectErrorKind } from '../nats.errors.js';
import type { NatsOptions } from '../nats-options.interface.js';
import { showServer, type ServerAddress } from './server-url.js';

const REFUSED = new Set([
  'AUTHORIZATION_VIOLATION',
  'AUTHENTICATION_EXPIRED',
  'ACCOUNT_EXPIRED',
  'BAD_AUTHENTICATION',
  'BAD_CREDS',
]);
const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|^ERR_(SSL|TLS|OSSL)|^CRL_|HOSTNAME_MISMATCH/;

/** Turns the error of a failed attempt into one sentence that names the relevant setting. */
export function connectFailure(
  cause: unknown,
  server: ServerAddress,
  options: NatsOptions,
): NatsConnectError {
  if (cause instanceof NatsConnectError) return cause;
  const [kind, why, setting] = diagnose(cause, server, options);
  const message = `NATS at ${showServer(server)} ${why}; see ${setting}.`;
  return new NatsConnectError(kind, message, { cause });
}

function diagnose(
  cause: unknown,
  server: ServerAddress,
  options: NatsOptions,
): [NatsConnectErrorKind, string, string] {
  const { code, text } = describe(cause);
  if (code === 'SERVER_OPT_NA') {
    return ['tls_failed', 'does not support TLS, which is required', 'nats_url and nats_tls_ca'];
  }
  if (CERTIFICATE.test(code) || code === 'TLS') {
    return ['tls_failed', `failed the TLS check (${text})`, tlsSetting(code)];
  }
  if (REFUSED.has(code) || /authentication (revoked|expired)|^BAD_/i.test(text)) {
    return [
      'credentials_refused',
      `refused the credentials (${text})`,
      credentialsSetting(server, options),
    ];
  }
  if (endedWithoutGreeting(cause)) {
    const why =
      'closed the connection before its greeting (if it uses handshake_first, use a tls:// URL)';
    return ['unreachable', why, 'nats_url'];
  }
  return ['unreachable', `cannot be reached (${text})`, 'nats_url'];
}

/** Whether a server accepted the connection and closed it before it sent `INFO`. */
export function endedWithoutGreeting(cause: unknown): boolean {
  const { code, chainedError } = (cause ?? {}) as Thrown;
  // The client has no specific error for this, but its chained error says so.
  const { message = '', code: inner } = (chainedError ?? {}) as Thrown;
  return code === 'CONNECTION_REFUSED' && inner === undefined && /undefined error/.test(message);
}

/** An error of Node or the client. */
interface Thrown {
  readonly code?: string;
  readonly message?: string;
  readonly chainedError?: unknown;
  readonly cause?: unknown;
}

/** The innermost meaningful code and text: the client nests errors. */
function describe(cause: unknown): { code: string; text: string } {
  // Checked by shape, not by class: an error may come from another realm.
  if (typeof cause !== 'object' || cause === null) return { code: '', text: 'connection refused' };
  const { code = '', message = '', chainedError, cause: inner } = cause as Thrown;
  const deeper = describe(chainedError ?? inner);
  if (deeper.code !== '' && !REFUSED.has(code)) return deeper;
  // Node's hint after the semicolon does not help the operator of a service.
  const [text = ''] = message.replaceAll(/\s+/g, ' ').split(';');
  return { code, text: text === '' || text === code ? code : `${code} ${text}`.trim() };
}

function tlsSetting(code: string): string {
  if (/ALERT|HANDSHAKE|PEM|KEY|OSSL/.test(code)) return 'nats_tls_cert and nats_tls_key';
  return code.includes('ALTNAME') ? 'nats_url and nats_tls_ca' : 'nats_tls_ca';
}

/** In the order in which `readCredentials` checks them. */
function credentialsSetting(server: ServerAddress, options: NatsOptions): string {
  const { token, user, credentialsSetting: named } = options;
  if (options.credentialsFile !== undefined) return 'nats_credentials';
  if (options.nkeySeedFile !== undefined) return 'nats_nkey';
  if (token !== undefined) return named ?? 'nats_token';
  if (user !== undefined) return named ?? 'nats_user and nats_password';
  if (server.token !== undefined || server.user !== undefined) return 'nats_url';
  return 'nats_credentials, nats_token, nats_user or nats_nkey (none of them is set)';
}
