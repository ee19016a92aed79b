import { readFile } from 'node:fs/promises';
import { credsAuthenticator, nkeyAuthenticator, type Authenticator } from 'nats';
import { NatsConnectError } from '../nats.errors.js';
import type { NatsOptions } from '../nats-options.interface.js';
import type { ServerAddress } from './server-url.js';

/** The credentials for one attempt at one server. */
export interface Credentials {
  readonly authenticator?: Authenticator;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

/**
 * Reads the credentials again for each attempt, because files are rotated. User info in the server's URL is
 * used only if no setting names another way.
 *
 * @throws NatsConnectError `bad_option` if a file is missing or invalid.
 */
export async function readCredentials(
  options: NatsOptions,
  server: ServerAddress,
): Promise<Credentials> {
  if (options.credentialsFile !== undefined) {
    const text = await readSettingFile('nats_credentials', options.credentialsFile);
    // The client's own parser requires bare line feeds.
    const bytes = new TextEncoder().encode(text.replaceAll('\r\n', '\n'));
    const authenticator = credsAuthenticator(bytes);
    return { authenticator: proved(authenticator, 'nats_credentials', 'a .creds file') };
  }
  if (options.nkeySeedFile !== undefined) {
    const text = await readSettingFile('nats_nkey', options.nkeySeedFile);
    const seed = /\bS[A-Z][A-Z2-7]{40,}\b/.exec(text)?.[0] ?? '';
    const authenticator = nkeyAuthenticator(new TextEncoder().encode(seed));
    return { authenticator: proved(authenticator, 'nats_nkey', 'an NKey seed') };
  }
  if (options.token !== undefined) return { token: options.token };
  if (options.user !== undefined) return { user: options.user, pass: options.password ?? '' };
  if (server.token !== undefined) return { token: server.token };
  if (server.user !== undefined) return { user: server.user, pass: server.password ?? '' };
  return {};
}

/** Reads a file named by a setting; the error names the setting. */
export async function readSettingFile(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'error';
    const message = `The file "${path}" cannot be read (${why}); see ${setting}.`;
    throw new NatsConnectError('bad_option', message, { cause });
  }
}

/** Signs once as a test, so that an invalid file is distinguished from a refusal by the server. */
function proved(authenticator: Authenticator, setting: string, what: string): Authenticator {
  let signed = false;
  try {
    const auth = authenticator('probe');
    signed = auth !== undefined && 'nkey' in auth && auth.nkey !== '';
  } catch {
    // The cause may contain the file's content, which is a secret, so it is dropped.
  }
  if (signed) return authenticator;
  throw new NatsConnectError('bad_option', `The file in ${setting} does not contain ${what}.`);
}
