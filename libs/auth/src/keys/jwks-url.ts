import { isIPv4 } from 'node:net';
import { AccessOptionsError } from '../auth.errors.js';

/**
 * A JWKS address: `https`, or `http` on loopback, where nobody can put keys of his own in between.
 *
 * @throws AccessOptionsError which repeats nothing of the address: it might hold a password
 */
export function jwksUrl(text: string): URL {
  const refuse = (problem: string): never => {
    throw new AccessOptionsError('subscriber_jwks_url', problem);
  };
  const url = URL.canParse(text) ? new URL(text) : refuse('is no URL: give an https address');
  if (url.username !== '' || url.password !== '') {
    refuse('holds a user or password: a key set is public, leave them out');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    refuse('must be https (or http on loopback): who can change the answer can sign tokens');
  }
  return url;
}

/** WHATWG URLs have numeric hosts normalised: `0x7f.1` is `127.0.0.1` already. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}
