import type { Observable } from 'rxjs';
import { takeWhile } from 'rxjs';
import type { Segment } from '../channel/segment.js';
import { atMoment } from './operators/at-moment.operator.js';
import { boundReplay } from './operators/bound-replay.operator.js';
import { disconnectStalled } from './operators/disconnect-stalled.operator.js';
import { endWhenRevoked } from './operators/end-when-revoked.operator.js';
import { endWhen } from './operators/end-when.operator.js';
import { heartbeat } from './operators/heartbeat.operator.js';
import type { Heartbeat, Notice, Outbound, StreamEnd } from './outbound.js';

/** How the client's token limits its stream. Times in ms. */
export interface TokenRules {
  /** When to send the `expiring` event. */
  readonly expiringAtMs: number | undefined;
  readonly expiring: () => Notice;
  readonly expiresAtMs: number | undefined;
  readonly expired: () => StreamEnd;
  /** Whether the token's key is no longer trusted; undefined if keys cannot be withdrawn. */
  readonly isRevoked: (() => boolean) | undefined;
  readonly keyWithdrawn: () => StreamEnd;
}

/** The rules that determine a session's life. Times in ms. */
export interface SessionRules {
  /** One ticker for all sessions of the hub. */
  readonly tick$: Observable<unknown>;
  readonly replayMaxMessages: number | undefined;
  readonly historyThrough: number;
  readonly replayCapReached: StreamEnd;
  /** A monotonic clock, as precise as a turn of the event loop. */
  readonly now: () => number;
  readonly heartbeatMs: number;
  readonly heartbeatFrame: () => Heartbeat | undefined;
  readonly writeTimeoutMs: number | undefined;
  readonly stalledMs: () => number;
  readonly token: TokenRules;
  readonly ageEndsAtMs: number | undefined;
  readonly ageReached: () => StreamEnd;
  /** Reset, drain, or closed by the application. */
  readonly end$: Observable<StreamEnd>;
}

/**
 * From a session's segments to the items that its socket writes. Every cause of an end emits one `end` as
 * the last item. Unsubscribing at any time releases everything upstream.
 */
export function sessionPipeline(
  segments$: Observable<Segment>,
  rules: SessionRules,
): Observable<Outbound> {
  const { token } = rules;
  const wallClock = Date.now;
  return segments$.pipe(
    boundReplay(rules.replayMaxMessages, rules.historyThrough, rules.replayCapReached),
    heartbeat(rules.tick$, rules.heartbeatMs, rules.heartbeatFrame, rules.now),
    disconnectStalled(rules.tick$, rules.writeTimeoutMs, rules.stalledMs),
    atMoment(rules.tick$, token.expiringAtMs, wallClock, token.expiring),
    atMoment(rules.tick$, token.expiresAtMs, wallClock, token.expired),
    endWhenRevoked(rules.tick$, token.isRevoked, token.keyWithdrawn),
    atMoment(rules.tick$, rules.ageEndsAtMs, rules.now, rules.ageReached),
    endWhen(rules.end$),
    takeWhile((item) => item.kind !== 'end', true),
  );
}
