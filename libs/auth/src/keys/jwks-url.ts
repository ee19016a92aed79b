import { isIPv4 } from 'node:net';
import { AccessOptionsError } from '../auth.errors.js';

/**
 * Validates a JWKS URL: `https`, or `http` on loopback, where nobody can replace the keys in transit.
 *
 * @throws AccessOptionsError, which does not contain the URL because it might contain a password
 */
export function jwksUrl(text: string): URL {
  const refuse = (problem: string): never => {
    throw new AccessOptionsError('subscriber_jwks_url', problem);
  };
  const url = URL.canParse(text) ? new URL(text) : refuse('is not a URL: set an https URL');
  if (url.username !== '' || url.password !== '') {
    refuse('contains a user or password: key sets are public, remove them');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    refuse(
      'must use https (or http on loopback): anyone who can change the response can sign tokens',
    );
  }
  return url;
}

/** WHATWG URLs normalise numeric hosts: `0x7f.1` is already `127.0.0.1`. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}
