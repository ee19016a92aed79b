import type { Subscriber } from '@nuts/auth';
import { expiringFrame } from '../frames/control-frames.js';
import { jitter } from '../frames/jitter.js';
import type { HubOptions } from '../hub/hub-options.interface.js';
import type { SessionEnds } from './session-ends.js';
import type { TokenRules } from './session-pipeline.js';

/** The longest warning before a token's end, in ms (contract §3). */
const MAX_WARNING_MS = 30_000;

/** How a subscriber's token limits its stream. */
export function tokenRules(
  subscriber: Subscriber | undefined,
  ends: SessionEnds,
  nowMs: number,
): TokenRules {
  const { expiresAtMs } = subscriber ?? {};
  return {
    expiringAtMs: expiresAtMs && expiringAt(expiresAtMs, nowMs),
    expiring: () => ({ kind: 'notice', bytes: expiringFrame(expiresAtMs ?? 0) }),
    expiresAtMs,
    expired: () => ends.tokenExpired(),
    isRevoked: subscriber?.isRevoked,
    keyWithdrawn: () => ends.keyWithdrawn(),
  };
}

/** When a client is told that its token expires: 30 s before, or a tenth of the remaining life. */
export function expiringAt(expiresAtMs: number, nowMs: number): number {
  return expiresAtMs - Math.min(MAX_WARNING_MS, Math.max(0, expiresAtMs - nowMs) / 10);
}

/**
 * The `retry:` of the connected event, in ms: `sse_retry` if set. Otherwise, if streams of the hub may end
 * with a short `retry:` (token, age, or closed by the application), the usual delay, because a client keeps
 * the last `retry:` that it received. Undefined if none is needed.
 */
export function connectedRetry(
  options: Pick<HubOptions, 'access' | 'maxConnectionAgeMs' | 'sseRetryMs' | 'transientRetryMs'>,
  subscriber: Subscriber | undefined,
): number | undefined {
  const { access, maxConnectionAgeMs, sseRetryMs, transientRetryMs } = options;
  if (sseRetryMs !== undefined) return sseRetryMs;
  const mayEndAlone =
    access !== undefined || maxConnectionAgeMs !== undefined || subscriber !== undefined;
  return mayEndAlone ? jitter(transientRetryMs) : undefined;
}
