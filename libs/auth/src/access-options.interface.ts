/**
 * How a hub's subscriber tokens are checked. One kind of key at most. Errors name the settings of the
 * service, which stand here beside the fields.
 */
export interface AccessOptions {
  /** HMAC secret: HS256, HS384, HS512. `subscriber_jwt_key`. */
  readonly secret?: string;
  /** PEM file with a public key: RS/PS/ES 256-512, EdDSA. `subscriber_jwt_public_key`. */
  readonly publicKeyFile?: string;
  /** Key set: `https`, or `http` on loopback. `subscriber_jwks_url`. */
  readonly jwksUrl?: string;
  /**
   * After so long a key that was withdrawn from the key set opens nothing, and the streams that it
   * opened have ended; ms. `subscriber_jwks_max_age`; default 600 000.
   */
  readonly jwksMaxAgeMs?: number;
  /**
   * The same while the provider cannot be reached, in ms; less than `jwksMaxAgeMs` has no effect.
   * `subscriber_jwks_max_stale`; default 86 400 000.
   */
  readonly jwksMaxStaleMs?: number;
  /** The `iss` that a token must have. `subscriber_jwt_issuer`. */
  readonly issuer?: string;
  /** The `aud` that a token must have. `subscriber_jwt_audience`. */
  readonly audience?: string;
  /** Name of the cookie that may carry the token. `subscriber_jwt_cookie`. */
  readonly cookie?: string;
}
