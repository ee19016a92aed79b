import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AccessOptionsError } from '../auth.errors.js';
import { JoseKeySource } from './jose.key-source.js';
import { type Algorithm, JsonWebTokenKeySource } from './jsonwebtoken.key-source.js';
import type { KeySource } from './key-source.interface.js';

const MIN_RSA_BITS = 2048;
const SECRET_SETTING = 'subscriber_jwt_key';
const PEM_SETTING = 'subscriber_jwt_public_key';

const HMAC: readonly Algorithm[] = ['HS256', 'HS384', 'HS512'];
const PSS: readonly Algorithm[] = ['PS256', 'PS384', 'PS512'];
/** The algorithms that a key supports, by its curve or else its type. */
const FITTING: ReadonlyMap<string, readonly Algorithm[]> = new Map([
  ['rsa', ['RS256', 'RS384', 'RS512', ...PSS]],
  ['rsa-pss', PSS],
  ['prime256v1', ['ES256']],
  ['secp384r1', ['ES384']],
  ['secp521r1', ['ES512']],
]);

/** @throws AccessOptionsError for an empty secret, or a PEM key instead of one */
export function hmacKeySource(secret: string): KeySource {
  if (secret === '') throw new AccessOptionsError(SECRET_SETTING, 'is empty: give it a secret');
  // With a public key as the secret, anyone who has the key could sign tokens.
  if (secret.includes('-----BEGIN ')) {
    throw new AccessOptionsError(
      SECRET_SETTING,
      `contains a PEM key, which is not an HMAC secret: save it in a file and set ${PEM_SETTING} to its path`,
    );
  }
  return new JsonWebTokenKeySource(createSecretKey(Buffer.from(secret)), HMAC);
}

/** @throws AccessOptionsError if the file cannot be read, contains no public key, or an unsupported one */
export function pemKeySource(file: string): KeySource {
  const key = readPublicKey(file);
  if (key.asymmetricKeyType === 'ed25519') return new JoseKeySource(key);
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const fitting = FITTING.get(namedCurve ?? String(key.asymmetricKeyType));
  if (fitting === undefined || (modulusLength ?? MIN_RSA_BITS) < MIN_RSA_BITS) {
    const what = [key.asymmetricKeyType, namedCurve ?? modulusLength].filter(Boolean).join(' ');
    const allowed = `RSA from ${MIN_RSA_BITS} bits on, P-256, P-384, P-521 and Ed25519`;
    throw new AccessOptionsError(
      PEM_SETTING,
      `"${file}" holds a ${what} key: allowed are ${allowed}`,
    );
  }
  return new JsonWebTokenKeySource(key, fitting);
}

function readPublicKey(file: string): KeyObject {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const problem = `"${file}" cannot be read (${code}): name a readable PEM file`;
    throw new AccessOptionsError(PEM_SETTING, problem, { cause });
  }
  // Node would derive the public key, and a private key would be stored where it is not needed.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    const problem = `"${file}" contains a private key: give the service only the public key`;
    throw new AccessOptionsError(PEM_SETTING, problem);
  }
  try {
    return createPublicKey(pem);
  } catch {
    const problem = `"${file}" contains no public key in PEM format (-----BEGIN PUBLIC KEY-----)`;
    throw new AccessOptionsError(PEM_SETTING, problem);
  }
}
