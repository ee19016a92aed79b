/** How a hub's subscriber tokens are checked (contract §6). One kind of key at most. */
export interface AccessOptions {
  /** HMAC secret: HS256, HS384, HS512. */
  readonly secret?: string;
  /** PEM file with a public key: RS/PS/ES 256-512, EdDSA. */
  readonly publicKeyFile?: string;
  /** `https`, or `http` on loopback. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Name of the cookie that may carry the token. */
  readonly cookie?: string;
}
