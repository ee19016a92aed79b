import type { Subscriber } from './requested-subscription.interface.js';

/** Why a subscriber's rights have ended. */
export type RightsEnd = 'expired' | 'revoked';

/**
 * Whether the rights that a guard found have ended meanwhile; undefined while they hold. For requests that
 * last: guards look once, when a request begins.
 */
export function rightsEnd(
  { expiresAtMs, isRevoked }: Pick<Subscriber, 'expiresAtMs' | 'isRevoked'>,
  nowMs = Date.now(),
): RightsEnd | undefined {
  if (expiresAtMs !== undefined && nowMs >= expiresAtMs) return 'expired';
  return isRevoked?.() === true ? 'revoked' : undefined;
}
