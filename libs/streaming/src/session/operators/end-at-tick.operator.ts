import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';

/**
 * Asks at each tick whether the stream is due to end, and if so sends its end, once.
 *
 * `merge(source, tick$.pipe(filter(…), take(1), map(…)))` says the same, at six subscribers and their
 * lists for each connection: 2 KB of heap for every idle browser. Hence an operator of our own.
 *
 * @param due undefined as long as the stream may go on
 */
export function endAtTick(
  tick$: Observable<unknown>,
  due: () => StreamEnd | undefined,
): MonoTypeOperatorFunction<Outbound> {
  return (source) =>
    new Observable<Outbound>((subscriber) => {
      source.subscribe(subscriber);
      const ticking = tick$.subscribe(() => {
        const end = due();
        if (end === undefined) return;
        ticking.unsubscribe();
        subscriber.next(end);
      });
      return ticking;
    });
}
