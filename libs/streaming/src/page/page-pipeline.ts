import { type Observable, takeUntil } from 'rxjs';
import type { Segment } from '../channel/segment.js';
import { atMoment } from '../session/operators/at-moment.operator.js';
import { disconnectStalled } from '../session/operators/disconnect-stalled.operator.js';
import { endAtTick } from '../session/operators/end-at-tick.operator.js';
import { endWhenRevoked } from '../session/operators/end-when-revoked.operator.js';
import { endWhen } from '../session/operators/end-when.operator.js';
import type { Outbound, StreamEnd } from '../session/outbound.js';
import type { SessionRules } from '../session/session-pipeline.js';

/** The conditions that end a page early. */
export interface PageRules extends Pick<
  SessionRules,
  'end$' | 'stalledMs' | 'tick$' | 'token' | 'writeTimeoutMs'
> {
  /** Reading makes no progress, and the client is not the reason. */
  readonly isStalled: () => boolean;
  /** The page is complete. */
  readonly over$: Observable<unknown>;
}

const STALLED: StreamEnd = { kind: 'end', reason: 'jetstream_unavailable' };

/** From a page's segments to its end, with those rules of a stream that matter for a short response. */
export function pagePipeline(
  segments$: Observable<Segment>,
  rules: PageRules,
): Observable<Outbound> {
  const { token } = rules;
  return segments$.pipe(
    endAtTick(rules.tick$, () => (rules.isStalled() ? STALLED : undefined)),
    disconnectStalled(rules.tick$, rules.writeTimeoutMs, rules.stalledMs),
    atMoment(rules.tick$, token.expiresAtMs, Date.now, token.expired),
    endWhenRevoked(rules.tick$, token.isRevoked, token.keyWithdrawn),
    endWhen(rules.end$),
    takeUntil(rules.over$),
  );
}
