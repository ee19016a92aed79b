import { constants, createHmac, type KeyObject, sign } from 'node:crypto';

type Key = KeyObject | string;

/** Encodes a text as one part of a token. */
export const part = (text: string | Buffer): string => Buffer.from(text).toString('base64url');

/** A compact token with exactly these texts, signed by node:crypto without a JWT library. */
export function signText(alg: string, key: Key, header: string, payload: string | Buffer): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${part(signature(alg, key, Buffer.from(input)))}`;
}

export function signToken(alg: string, key: Key, claims: object, header: object = {}): string {
  return signText(alg, key, JSON.stringify({ alg, ...header }), JSON.stringify(claims));
}

function signature(alg: string, key: Key, input: Buffer): Buffer {
  const hash = `sha${alg.slice(2)}`;
  switch (alg.slice(0, 2)) {
    case 'HS':
      return createHmac(hash, key).update(input).digest();
    case 'RS':
      return sign(hash, input, key);
    case 'PS': {
      const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
      return sign(hash, input, { key: key as KeyObject, padding, saltLength });
    }
    case 'ES':
      return sign(hash, input, { key: key as KeyObject, dsaEncoding: 'ieee-p1363' });
    default:
      return sign(null, input, key);
  }
}

/** A NumericDate `ms` from now. */
export const inMs = (ms: number): number => (Date.now() + ms) / 1000;
