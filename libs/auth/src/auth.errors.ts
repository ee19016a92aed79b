import { ServiceUnavailableException } from '@nestjs/common';

/** Why a token was refused. Logged; the client only sees `Unauthorized`. */
export type TokenFault =
  | 'missing'
  | 'malformed_header' // Authorization is there, but not once, or not `Bearer <token>`
  | 'oversized' // over 8 KiB
  | 'malformed' // not three base64url parts that hold JSON objects with distinct keys
  | 'critical_header' // `crit` or `b64: false`: extensions that must be understood, and are not
  | 'algorithm' // `none`, or an algorithm that does not fit the key
  | 'signature'
  | 'unknown_key' // the key set has no such key
  | 'expired'
  | 'not_active' // `nbf` lies ahead
  | 'issuer'
  | 'audience'
  | 'claim_time' // `exp` or `nbf` is no finite number
  | 'claim_subscribe' // missing, empty, more than 128 filters, or malformed
  | 'claim_publish' // empty, more than 128 filters, or malformed; a missing one allows nothing
  | 'claim_request' // as `claim_publish`
  | 'claim_presence'; // as `claim_publish`

/** A token was refused with `401`. Contains nothing of the token itself, so it can be logged. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';

  constructor(
    readonly fault: TokenFault,
    options?: ErrorOptions,
  ) {
    super(`token refused: ${fault}`, options);
  }
}

/**
 * No keys could be fetched yet, so tokens cannot be verified. This is transient and not the client's fault;
 * it is answered like an unavailable NATS.
 */
export class KeysUnavailableException extends ServiceUnavailableException {
  constructor(options?: { readonly cause?: unknown }) {
    super('Token keys not available', { cause: options?.cause });
  }
}

/** Invalid access settings. Thrown at startup by `TokenVerifier.prepare`; names the setting. */
export class AccessOptionsError extends Error {
  override readonly name = 'AccessOptionsError';

  constructor(
    readonly setting: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${setting} ${problem}`, options);
  }
}
