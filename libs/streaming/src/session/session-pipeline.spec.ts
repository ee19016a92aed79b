import { NEVER, Subject } from 'rxjs';
import { Segment } from '../channel/segment.js';
import type { Outbound, StreamEnd } from './outbound.js';
import { sessionPipeline, type SessionRules, type TokenRules } from './session-pipeline.js';

const end = (reason: StreamEnd['reason']): StreamEnd => ({ kind: 'end', reason });

function tokenOf(overrides: Partial<TokenRules>): TokenRules {
  return {
    expiringAtMs: undefined,
    expiring: () => ({ kind: 'notice', bytes: Buffer.alloc(0) }),
    expiresAtMs: undefined,
    expired: () => end('token_expired'),
    isRevoked: undefined,
    keyWithdrawn: () => end('token_expired'),
    ...overrides,
  };
}

function rulesOf(overrides: Partial<SessionRules>): SessionRules {
  return {
    tick$: NEVER,
    replayMaxMessages: undefined,
    historyThrough: 0,
    replayCapReached: end('replay_cap_reached'),
    now: () => performance.now(),
    heartbeatMs: 1000,
    heartbeatFrame: () => undefined,
    writeTimeoutMs: undefined,
    stalledMs: () => 0,
    token: tokenOf({}),
    ageEndsAtMs: undefined,
    ageReached: () => end('max_connection_age'),
    end$: NEVER,
    ...overrides,
  };
}

describe('sessionPipeline', () => {
  it('writes the end last, completes, and releases everything', () => {
    const [segments$, tick$, end$] = [
      new Subject<Segment>(),
      new Subject<void>(),
      new Subject<StreamEnd>(),
    ];
    const written: Outbound[] = [];
    let completed = false;
    const rules = rulesOf({
      tick$,
      end$,
      token: tokenOf({ expiresAtMs: Date.now() + 1e9 }),
      writeTimeoutMs: 5,
    });
    sessionPipeline(segments$, rules).subscribe({
      next: (item) => written.push(item),
      complete: () => (completed = true),
    });
    const segment = Segment.join([], 1);
    segments$.next(segment);
    end$.next(end('handler_shutdown'));
    segments$.next(segment);
    end$.next(end('stream_recreated'));
    expect(written).toEqual([segment, end('handler_shutdown')]);
    expect(completed).toBe(true);
    expect([segments$.observed, tick$.observed, end$.observed]).toEqual([false, false, false]);
  });

  it('ends once if several reasons coincide', () => {
    const tick$ = new Subject<void>();
    const written: Outbound[] = [];
    const rules = rulesOf({
      tick$,
      token: tokenOf({ expiresAtMs: 1 }),
      ageEndsAtMs: 0,
      writeTimeoutMs: 1,
      stalledMs: () => 9,
    });
    sessionPipeline(NEVER, rules).subscribe((item) => written.push(item));
    tick$.next();
    expect(written).toEqual([end('token_expired')]);
  });

  it('holds nothing after an unsubscribe in the middle', () => {
    const [segments$, tick$] = [new Subject<Segment>(), new Subject<void>()];
    const rules = rulesOf({ tick$, token: tokenOf({ expiresAtMs: Date.now() + 1e9 }) });
    const subscription = sessionPipeline(segments$, rules).subscribe();
    subscription.unsubscribe();
    expect([segments$.observed, tick$.observed]).toEqual([false, false]);
  });
});
