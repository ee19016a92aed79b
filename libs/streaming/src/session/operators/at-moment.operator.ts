import {
  identity,
  Observable,
  timer,
  type MonoTypeOperatorFunction,
  type Subscription,
} from 'rxjs';
import type { Outbound } from '../outbound.js';

/** Within this time of the moment a timer is used, in ms: longer than the longest tick. */
const TIMED_MS = 1_500;

/**
 * Emits one item at a given time, such as the end of a token, the notice before it, or the maximum age of a
 * connection. Ticks detect that the time is near, and only then a timer is set. `setTimeout` fires
 * immediately beyond 24.8 days, and continues to count while a virtual machine sleeps; long timers would
 * also cost memory in each idle connection. A tick alone would be up to a second late.
 *
 * @param momentMs undefined = never
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
