import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';

/**
 * Checks at each tick whether the stream must end, and emits its end once.
 *
 * `merge(source, tick$.pipe(filter(…), take(1), map(…)))` is equivalent, but needs six subscribers and
 * their lists per connection: 2 KB of heap for each idle browser.
 *
 * @param due returns undefined while the stream may continue
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
