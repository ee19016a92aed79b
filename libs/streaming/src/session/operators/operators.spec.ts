import { TestScheduler } from 'rxjs/testing';
import { Segment } from '../../channel/segment.js';
import type { Heartbeat, Outbound, StreamEnd } from '../outbound.js';
import { atMoment } from './at-moment.operator.js';
import { boundReplay } from './bound-replay.operator.js';
import { disconnectStalled } from './disconnect-stalled.operator.js';
import { endWhenRevoked } from './end-when-revoked.operator.js';
import { endWhen } from './end-when.operator.js';
import { heartbeat } from './heartbeat.operator.js';

/** One frame per sequence; negative ones are gaps. */
const segment = (...sequences: number[]): Segment =>
  Segment.join(
    sequences.map((sequence) => ({
      sequence: Math.abs(sequence),
      bytes: Buffer.from('x'),
      isGap: sequence < 0,
    })),
    Math.abs(sequences.at(-1) ?? 0),
  );

/** The output as text: `[1,2]`, `heartbeat`, or the reason of the end. */
const inWords = (item: Outbound): string => {
  if (item.kind === 'end') return item.reason;
  if (item.kind === 'heartbeat' || item.kind === 'notice') return item.kind;
  return `[${Array.from({ length: item.frames }, (_, i) => item.sequenceAt(i)).join()}]`;
};

const capReached: StreamEnd = { kind: 'end', reason: 'replay_cap_reached' };
const tokenExpired: StreamEnd = { kind: 'end', reason: 'token_expired' };
const beat: Heartbeat = { kind: 'heartbeat', bytes: Buffer.from(': heartbeat\n\n') };

/** Runs in virtual time; its clock is the operators' `now`. Values are compared as text. */
function inVirtualTime(
  run: (marbles: {
    hot: TestScheduler['createHotObservable'];
    now: () => number;
    expectWords: (
      observable: import('rxjs').Observable<Outbound>,
      marbles: string,
      words: Record<string, string>,
    ) => void;
  }) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => {
    const worded = (actual as { notification: { value?: Outbound } }[]).map((event) =>
      event.notification.value === undefined
        ? event
        : {
            ...event,
            notification: { ...event.notification, value: inWords(event.notification.value) },
          },
    );
    expect(worded).toEqual(expected);
  });
  scheduler.run(({ hot, expectObservable }) => {
    run({
      hot: hot,
      now: () => scheduler.now(),
      expectWords: (observable, marbles, words) =>
        expectObservable(observable as import('rxjs').Observable<unknown>).toBe(marbles, words),
    });
  });
}

describe('boundReplay', () => {
  it('splits the segment that reaches the limit, and ends there', () => {
    inVirtualTime(({ hot, expectWords }) => {
      const source = hot<Segment>('-a-b-c', {
        a: segment(1, 2),
        b: segment(3, 4, 5),
        c: segment(6),
      });
      expectWords(source.pipe(boundReplay(4, 100, capReached)), '-a-(be)', {
        a: '[1,2]',
        b: '[3,4]',
        e: 'replay_cap_reached',
      });
    });
  });

  it('counts neither gaps nor live messages', () => {
    inVirtualTime(({ hot, expectWords }) => {
      const source = hot<Segment>('-a-b-c', {
        a: segment(1, -2, -3, 4),
        b: segment(5, 6),
        c: segment(7, 8, 9),
      });
      expectWords(source.pipe(boundReplay(4, 5, capReached)), '-a-b-c', {
        a: '[1,2,3,4]',
        b: '[5,6]',
        c: '[7,8,9]',
      });
    });
  });

  it('is not added without a limit', () => {
    const source = new TestScheduler(() => undefined).createHotObservable<Segment>('-');
    expect(boundReplay(undefined, 0, capReached)(source)).toBe(source);
  });
});

describe('heartbeat', () => {
  const words = { a: '[1]', h: 'heartbeat' };

  it('is sent after an interval of silence, counted from the last frame', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('----a-------------', { a: segment(1) });
      const tick$ = hot('           ------------------'.replace(/-/g, 't'));
      expectWords(source.pipe(heartbeat(tick$, 6, () => beat, now)), '----a-----h-----h-', words);
    });
  });

  it('waits while the socket is full', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('---------------');
      const tick$ = hot('ttttttttttttttt');
      const frame = (): Heartbeat | undefined => (now() < 9 ? undefined : beat);
      expectWords(source.pipe(heartbeat(tick$, 4, frame, now)), '---------h---h-', words);
    });
  });

  it('releases the ticker when its source ends and on unsubscribe', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('--|');
      const tick$ = hot('tttttttt');
      expectWords(source.pipe(heartbeat(tick$, 100, () => beat, now)), '--|', words);
    });
  });
});

describe('atMoment', () => {
  it('fires at the time, not at the tick after it', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('-a--------', { a: segment(1) });
      const tick$ = hot('t-------t-');
      const expiring = atMoment(tick$, 4, now, () => tokenExpired);
      expectWords(source.pipe(expiring), '-a--e-----', { a: '[1]', e: 'token_expired' });
    });
  });

  it('fires once, and passes later frames', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('-a--------b-', { a: segment(1), b: segment(2) });
      const tick$ = hot('tttttttttttt');
      const words = { a: '[1]', b: '[2]', n: 'notice' };
      const notice = atMoment(tick$, 4, now, () => ({ kind: 'notice', bytes: Buffer.alloc(0) }));
      expectWords(source.pipe(notice), '-a--n-----b-', words);
    });
  });

  it('waits for a tick while the time is far, and never fires early', () => {
    inVirtualTime(({ hot, expectWords }) => {
      let clock = 0;
      const tick$ = hot('-t-t-t');
      const later = atMoment(
        tick$,
        60 * 24 * 3600 * 1000,
        () => (clock += 30 * 24 * 3600 * 1000),
        () => tokenExpired,
      );
      expectWords(hot<Outbound>('------').pipe(later), '-e----', { e: 'token_expired' });
    });
  });

  it('checks again if the timer fired before the clock reached the time', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const slow = (): number => now() / 2;
      const expiring = atMoment(hot('-'), 4, slow, () => tokenExpired);
      // Timers of 4, 2 and 1, and of 1 for the rest of the last ms.
      expectWords(hot<Outbound>('-----------').pipe(expiring), '--------e--', {
        e: 'token_expired',
      });
    });
  });

  it('is not added without a time', () => {
    const source = new TestScheduler(() => undefined).createHotObservable<Outbound>('-');
    expect(atMoment(source, undefined, Date.now, () => tokenExpired)(source)).toBe(source);
  });
});

describe('endWhenRevoked', () => {
  it('ends at the first tick after the key is withdrawn', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const tick$ = hot('t--t--t--t');
      const revoked = endWhenRevoked(
        tick$,
        () => now() >= 4,
        () => tokenExpired,
      );
      expectWords(hot<Outbound>('----------').pipe(revoked), '------e---', { e: 'token_expired' });
    });
  });
});

describe('disconnectStalled', () => {
  it('ends a stream that made no progress for the whole time, and no other', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('----------');
      const tick$ = hot('tttttttttt');
      const moving = disconnectStalled(tick$, 5, () => now() % 4);
      const stalled = disconnectStalled(tick$, 5, () => now());
      expectWords(source.pipe(moving), '----------', {});
      expectWords(source.pipe(stalled), '-----e----', { e: 'slow_client' });
    });
  });
});

describe('endWhen', () => {
  it('ends the stream from outside', () => {
    inVirtualTime(({ hot, expectWords }) => {
      const source = hot<Outbound>('-a---', { a: segment(1) });
      const end$ = hot<StreamEnd>('---e-', { e: tokenExpired });
      expectWords(source.pipe(endWhen(end$)), '-a-e-', { a: '[1]', e: 'token_expired' });
    });
  });
});
