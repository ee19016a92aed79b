import {
  identity,
  Observable,
  timer,
  type MonoTypeOperatorFunction,
  type Subscription,
} from 'rxjs';
import type { Outbound } from '../outbound.js';

/** From so close to the moment on a timer waits for it, in ms: more than the longest tick. */
const TIMED_MS = 1_500;

/**
 * Adds one item at a moment: the token's end, the notice before it, the greatest age of a connection.
 * Ticks tell when the moment is near, and only then a timer is set: `setTimeout` fires at once beyond
 * 24.8 days and counts on while a virtual machine sleeps, and a timer for hours would be memory in
 * every idle connection. A tick alone would be up to a second late.
 *
 * @param momentMs undefined = never; nothing is added before it
 */
export function atMoment(
  tick$: Observable<unknown>,
  momentMs: number | undefined,
  now: () => number,
  item: () => Outbound,
): MonoTypeOperatorFunction<Outbound> {
  if (momentMs === undefined) return identity;
  return (source) =>
    new Observable<Outbound>((subscriber) => {
      source.subscribe(subscriber);
      let waiting: Subscription | undefined;
      const look = (): void => {
        const leftMs = momentMs - now();
        if (leftMs <= 0) {
          looking.unsubscribe();
          subscriber.next(item());
        } else if (leftMs < TIMED_MS && waiting === undefined) {
          waiting = timer(Math.ceil(leftMs)).subscribe(() => {
            waiting = undefined;
            look();
          });
          looking.add(waiting);
        }
      };
      const looking = tick$.subscribe(look);
      look();
      return looking;
    });
}
