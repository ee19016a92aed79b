import type { AccessOptions } from './access-options.interface.js';
import { InvalidTokenError } from './auth.errors.js';

/** The end of ECMAScript's calendar: what lies beyond is no valid Date, and never comes. */
const MAX_DATE_MS = 8.64e15;

/** What a verified token says, whatever kind of key signed it. */
export interface VerifiedToken {
  /** Claim `sub`, when it is a text that is not empty. */
  readonly subject?: string;
  /** Claim `exp` in ms since 1970. */
  readonly expiresAtMs?: number;
  /** Whether the key that signed it was withdrawn meanwhile; undefined for a key that cannot be. */
  readonly isRevoked?: () => boolean;
  /** All claims, as signed. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Checks the registered claims (contract §6): `exp` and `nbf` when present, to the millisecond and
 * without leeway; `iss` and `aud` when the hub sets them.
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

/** A NumericDate (RFC 7519: seconds, perhaps with a fraction) in ms; undefined when it is absent. */
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
