import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { Heartbeat, Outbound } from '../outbound.js';

/**
 * Adds a heartbeat whenever nothing was sent for an interval (contract §3). Driven by one ticker for
 * all sessions of a hub: a timer for each, reset on each frame, is not free for ten thousand.
 *
 * `mergeWith` over a per-session timer would need exactly that; hence an operator of our own.
 *
 * @param tick$ finer than the interval
 * @param frame undefined when the socket is full and a heartbeat would only add to it
 * @param now monotonic, ms
 */
export function heartbeat(
  tick$: Observable<unknown>,
  intervalMs: number,
  frame: () => Heartbeat | undefined,
  now: () => number,
): MonoTypeOperatorFunction<Outbound> {
  return (source) =>
    new Observable<Outbound>((subscriber) => {
      let lastSent = now();
      subscriber.add(
        tick$.subscribe(() => {
          if (now() - lastSent < intervalMs) return;
          const beat = frame();
          if (beat === undefined) return;
          lastSent = now();
          subscriber.next(beat);
        }),
      );
      subscriber.add(
        source.subscribe({
          next: (item) => {
            lastSent = now();
            subscriber.next(item);
          },
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}
