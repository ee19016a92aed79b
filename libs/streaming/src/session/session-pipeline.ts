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

/** How the client's token bounds its stream. Times in ms. */
export interface TokenRules {
  /** When the client is told of its token's end; before that end. */
  readonly expiringAtMs: number | undefined;
  readonly expiring: () => Notice;
  readonly expiresAtMs: number | undefined;
  readonly expired: () => StreamEnd;
  /** Whether the token's key is no longer trusted; undefined where no key can be withdrawn. */
  readonly isRevoked: (() => boolean) | undefined;
  readonly keyWithdrawn: () => StreamEnd;
}

/** All that decides a session's life, bound to one client. Times in ms. */
export interface SessionRules {
  /** One ticker for all sessions of the hub. */
  readonly tick$: Observable<unknown>;
  readonly replayMaxMessages: number | undefined;
  readonly historyThrough: number;
  readonly replayCapReached: StreamEnd;
  readonly heartbeatMs: number;
  readonly heartbeatFrame: () => Heartbeat | undefined;
  readonly writeTimeoutMs: number | undefined;
  readonly stalledMs: () => number;
  readonly token: TokenRules;
  readonly ageEndsAtMs: number | undefined;
  readonly ageReached: () => StreamEnd;
  /** Reset, drain, closed by the application. */
  readonly end$: Observable<StreamEnd>;
}

/**
 * A session from its segments to what its socket is given. Whatever ends it sends one `end`, which is
 * the last thing to be written; unsubscribing at any moment releases everything upstream.
 */
export function sessionPipeline(
  segments$: Observable<Segment>,
  rules: SessionRules,
): Observable<Outbound> {
  const { token } = rules;
  const wallClock = Date.now;
  const monotonic = (): number => performance.now();
  return segments$.pipe(
    boundReplay(rules.replayMaxMessages, rules.historyThrough, rules.replayCapReached),
    heartbeat(rules.tick$, rules.heartbeatMs, rules.heartbeatFrame, monotonic),
    disconnectStalled(rules.tick$, rules.writeTimeoutMs, rules.stalledMs),
    atMoment(rules.tick$, token.expiringAtMs, wallClock, token.expiring),
    atMoment(rules.tick$, token.expiresAtMs, wallClock, token.expired),
    endWhenRevoked(rules.tick$, token.isRevoked, token.keyWithdrawn),
    atMoment(rules.tick$, rules.ageEndsAtMs, monotonic, rules.ageReached),
    endWhen(rules.end$),
    takeWhile((item) => item.kind !== 'end', true),
  );
}
