/**
 * How a hub verifies subscriber tokens. At most one kind of key may be set. Errors use the names of the
 * service's settings, which are given for each field.
 */
export interface AccessOptions {
  /** HMAC secret: HS256, HS384, HS512. `subscriber_jwt_key`. */
  readonly secret?: string;
  /** PEM file with a public key: RS/PS/ES 256-512, EdDSA. `subscriber_jwt_public_key`. */
  readonly publicKeyFile?: string;
  /** Key set: `https`, or `http` on loopback. `subscriber_jwks_url`. */
  readonly jwksUrl?: string;
  /**
   * A key that was withdrawn from the key set is not accepted after this time, and streams opened with it
   * have ended; ms. `subscriber_jwks_max_age`; default 600 000.
   */
  readonly jwksMaxAgeMs?: number;
  /**
   * The same while the provider cannot be reached, in ms; values below `jwksMaxAgeMs` have no effect.
   * `subscriber_jwks_max_stale`; default 86 400 000.
   */
  readonly jwksMaxStaleMs?: number;
  /** Required `iss` of a token. `subscriber_jwt_issuer`. */
  readonly issuer?: string;
  /** Required `aud` of a token. `subscriber_jwt_audience`. */
  readonly audience?: string;
  /** Name of the cookie that may carry the token. `subscriber_jwt_cookie`. */
  readonly cookie?: string;
}
