/**
 * Spreads a delay by ±50 % around its mean, in whole ms and at least 1. Clients that lost their stream
 * together must not reconnect together (contract §2).
 *
 * @param random - uniform in [0, 1)
 */
export function jitter(meanMs: number, random: () => number = Math.random): number {
  return Math.max(1, Math.round(meanMs * (0.5 + random())));
}
