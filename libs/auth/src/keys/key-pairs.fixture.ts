import {
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  type RSAPSSKeyPairKeyObjectOptions,
} from 'node:crypto';

export type KeyPair = KeyPairKeyObjectResult;

export const rsa = (modulusLength = 2048): KeyPair => generateKeyPairSync('rsa', { modulusLength });
export const rsaPss = (hash: RSAPSSKeyPairKeyObjectOptions['hashAlgorithm']): KeyPair =>
  generateKeyPairSync('rsa-pss', {
    modulusLength: 2048,
    hashAlgorithm: hash,
    mgf1HashAlgorithm: hash,
  });
export const ec = (namedCurve: string): KeyPair => generateKeyPairSync('ec', { namedCurve });
export const ed25519 = (): KeyPair => generateKeyPairSync('ed25519');

export const pem = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

export const jwk = (key: KeyObject, fields: object = {}): object => ({
  ...key.export({ format: 'jwk' }),
  ...fields,
});
