import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { Heartbeat, Outbound } from '../outbound.js';

/**
 * Adds a heartbeat after each interval without a frame (contract §3). One ticker drives all sessions of a
 * hub: a timer per session, reset by each frame, is expensive for ten thousand sessions. `mergeWith` would
 * need such timers.
 *
 * @param tick$ finer than the interval
 * @param frame returns undefined if the socket is full
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
