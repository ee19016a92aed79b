import { concat, defer, NEVER, of, Subject, takeWhile, throwError } from 'rxjs';
import { Segment } from '../../channel/segment.js';
import type { Outbound, StreamEnd } from '../outbound.js';
import { atMoment } from './at-moment.operator.js';
import { boundReplay } from './bound-replay.operator.js';
import { disconnectStalled } from './disconnect-stalled.operator.js';
import { endWhenRevoked } from './end-when-revoked.operator.js';
import { endWhen } from './end-when.operator.js';
import { heartbeat } from './heartbeat.operator.js';

const END: StreamEnd = { kind: 'end', reason: 'token_expired' };
const EMPTY = Segment.join([], 1);

function segmentOf(...sequences: number[]): Segment {
  const frames = sequences.map((sequence) => ({ sequence, bytes: Buffer.from('x'), isGap: false }));
  return Segment.join(frames, sequences.at(-1) ?? 0);
}

describe('disabled operators', () => {
  it('are not added: they do not use the ticker', () => {
    const tick$ = new Subject<void>();
    const source = NEVER;
    expect(source.pipe(disconnectStalled(tick$, undefined, () => 1e9))).toBe(source);
    expect(source.pipe(endWhenRevoked(tick$, undefined, () => END))).toBe(source);
    expect(source.pipe(atMoment(tick$, undefined, Date.now, () => END))).toBe(source);
    expect(source.pipe(boundReplay(undefined, 1, END))).toBe(source);
  });
});

describe('atMoment', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('has one timer, only when the time is near', () => {
    const tick$ = new Subject<void>();
    let now = 0;
    const seen: Outbound[] = [];
    const subscription = NEVER.pipe(
      atMoment(
        tick$,
        10_000,
        () => now,
        () => END,
      ),
    ).subscribe((item) => seen.push(item));
    for (now = 0; now <= 8_500; now += 500) tick$.next();
    expect(jest.getTimerCount()).toBe(0);
    now = 8_501;
    tick$.next();
    tick$.next();
    expect(jest.getTimerCount()).toBe(1);
    // The machine slept: the timer fires early, and another one replaces it.
    jest.advanceTimersByTime(1_499);
    expect([seen, jest.getTimerCount()]).toEqual([[], 1]);
    now = 10_000;
    jest.advanceTimersByTime(1_499);
    expect([seen, tick$.observed]).toEqual([[END], false]);
    subscription.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('the source', () => {
  const failure = new Error('failed');
  const through = (operator: ReturnType<typeof boundReplay>): unknown[] => {
    const seen: unknown[] = [];
    const observer = {
      next: () => seen.push('next'),
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    };
    of(EMPTY).pipe(operator).subscribe(observer);
    concat(
      of(EMPTY),
      throwError(() => failure),
    )
      .pipe(operator)
      .subscribe(observer);
    return seen;
  };

  it('is passed on, with its completion and its error', () => {
    const expected = ['next', 'complete', 'next', failure];
    expect(through(boundReplay(5, 10, END))).toEqual(expected);
    expect(
      through(
        heartbeat(
          NEVER,
          1000,
          () => undefined,
          () => 0,
        ) as ReturnType<typeof boundReplay>,
      ),
    ).toEqual(expected);
  });

  it('is not subscribed to if the stream has already ended', () => {
    let asked = 0;
    defer(() => {
      asked += 1;
      return NEVER;
    })
      .pipe(
        endWhen(of(END)),
        takeWhile((item) => item.kind !== 'end', true),
      )
      .subscribe();
    expect(asked).toBe(0);
  });
});

describe('boundReplay', () => {
  it('counts up to the last historical message', () => {
    const seen: (number | string)[] = [];
    of(segmentOf(1, 2, 3), segmentOf(4, 5))
      .pipe(boundReplay(4, 3, END))
      .subscribe((item) => seen.push(item.kind === 'segment' ? item.frames : item.kind));
    expect(seen).toEqual([3, 2]);
    const ended: (number | string)[] = [];
    of(segmentOf(1, 2, 3), segmentOf(4, 5))
      .pipe(boundReplay(3, 3, END))
      .subscribe((item) => ended.push(item.kind === 'segment' ? item.frames : item.kind));
    expect(ended).toEqual([3, 'end']);
  });
});
