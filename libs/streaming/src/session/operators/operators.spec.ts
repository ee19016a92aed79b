import { TestScheduler } from 'rxjs/testing';
import { Segment } from '../../channel/segment.js';
import type { Heartbeat, Outbound, StreamEnd } from '../outbound.js';
import { boundReplay } from './bound-replay.operator.js';
import { disconnectStalled } from './disconnect-stalled.operator.js';
import { endWhen } from './end-when.operator.js';
import { expireAt } from './expire-at.operator.js';
import { heartbeat } from './heartbeat.operator.js';

/** One frame a sequence; negative ones are gaps. */
const segment = (...sequences: number[]): Segment =>
  Segment.join(
    sequences.map((sequence) => ({
      sequence: Math.abs(sequence),
      bytes: Buffer.from('x'),
      isGap: sequence < 0,
    })),
    Math.abs(sequences.at(-1) ?? 0),
  );

/** What went out, in words: `[1,2]`, `heartbeat`, or the reason of the end. */
const inWords = (item: Outbound): string => {
  if (item.kind === 'end') return item.reason;
  if (item.kind === 'heartbeat') return 'heartbeat';
  return `[${Array.from({ length: item.frames }, (_, i) => item.sequenceAt(i)).join()}]`;
};

const capReached: StreamEnd = { kind: 'end', reason: 'replay_cap_reached' };
const tokenExpired: StreamEnd = { kind: 'end', reason: 'token_expired' };
const beat: Heartbeat = { kind: 'heartbeat', bytes: Buffer.from(': heartbeat\n\n') };

/** Runs in virtual time; its clock is the operators' `now`. Values are compared in words. */
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
  it('cuts the segment that reaches the bound, and ends there', () => {
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

  it('counts neither gaps nor what is live', () => {
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

  it('without a bound is not there at all', () => {
    const source = new TestScheduler(() => undefined).createHotObservable<Segment>('-');
    expect(boundReplay(undefined, 0, capReached)(source)).toBe(source);
  });
});

describe('heartbeat', () => {
  const words = { a: '[1]', h: 'heartbeat' };

  it('comes after an interval of silence, counted from the last thing sent', () => {
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

  it('lets go of the ticker with its source and with its subscriber', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('--|');
      const tick$ = hot('tttttttt');
      expectWords(source.pipe(heartbeat(tick$, 100, () => beat, now)), '--|', words);
    });
  });
});

describe('expireAt', () => {
  it('ends at the first tick at or after the moment, never before', () => {
    inVirtualTime(({ hot, now, expectWords }) => {
      const source = hot<Outbound>('-a--------', { a: segment(1) });
      const tick$ = hot('t--t--t--t');
      const expiring = expireAt(tick$, 4, now, () => tokenExpired);
      expectWords(source.pipe(expiring), '-a----e---', { a: '[1]', e: 'token_expired' });
    });
  });

  it('holds for a moment beyond what a timer can count', () => {
    inVirtualTime(({ hot, expectWords }) => {
      const sixtyDays = 60 * 24 * 3600 * 1000;
      let clock = 0;
      const tick$ = hot('-t-t-t');
      const expiring = expireAt(
        tick$,
        sixtyDays,
        () => (clock += sixtyDays / 2),
        () => tokenExpired,
      );
      expectWords(hot<Outbound>('------').pipe(expiring), '---e--', { e: 'token_expired' });
    });
  });
});

describe('disconnectStalled', () => {
  it('ends a stream without progress for the whole time, and no other', () => {
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
  it('lets an end in from outside', () => {
    inVirtualTime(({ hot, expectWords }) => {
      const source = hot<Outbound>('-a---', { a: segment(1) });
      const end$ = hot<StreamEnd>('---e-', { e: tokenExpired });
      expectWords(source.pipe(endWhen(end$)), '-a-e-', { a: '[1]', e: 'token_expired' });
    });
  });
});
