import type { AccessOptions } from './access-options.interface.js';
import { InvalidTokenError } from './auth.errors.js';

/** The last time that an ECMAScript Date can represent. */
const MAX_DATE_MS = 8.64e15;

/** The content of a verified token, independent of the kind of key. */
export interface VerifiedToken {
  /** Claim `sub`, if it is a non-empty string. */
  readonly subject?: string;
  /** Claim `exp` in ms since 1970. */
  readonly expiresAtMs?: number;
  /** Whether the key that signed it was withdrawn since; undefined for keys that cannot be withdrawn. */
  readonly isRevoked?: () => boolean;
  /** All claims, as signed. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Checks the registered claims (contract §6): `exp` and `nbf` if present, in milliseconds and without
 * leeway; `iss` and `aud` if the hub sets them.
 *
 * @throws InvalidTokenError `expired`, `not_active`, `issuer`, `audience` or `claim_time`
 */
export function checkClaims(
  claims: Readonly<Record<string, unknown>>,
  access: AccessOptions,
  nowMs: number,
): VerifiedToken {
  const expiresAtMs = timeMs(claims, 'exp');
  const notBeforeMs = timeMs(claims, 'nbf');
  if (expiresAtMs !== undefined && nowMs >= expiresAtMs) throw new InvalidTokenError('expired');
  if (notBeforeMs !== undefined && nowMs < notBeforeMs) throw new InvalidTokenError('not_active');
  if (access.issuer !== undefined && claims['iss'] !== access.issuer) {
    throw new InvalidTokenError('issuer');
  }
  if (access.audience !== undefined && !names(claims['aud'], access.audience)) {
    throw new InvalidTokenError('audience');
  }
  const subject = claims['sub'];
  return {
    claims,
    ...(typeof subject === 'string' && subject !== '' && { subject }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
}

/** A NumericDate (RFC 7519: seconds, possibly with a fraction) in ms; undefined if absent. */
function timeMs(claims: Readonly<Record<string, unknown>>, name: string): number | undefined {
  if (!Object.hasOwn(claims, name)) return undefined;
  const seconds = claims[name];
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
    throw new InvalidTokenError('claim_time');
  }
  return Math.min(seconds * 1000, MAX_DATE_MS);
}

function names(claim: unknown, audience: string): boolean {
  return Array.isArray(claim) ? claim.includes(audience) : claim === audience;
}
