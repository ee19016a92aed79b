import { Observable, type Subscriber } from 'rxjs';
import { inTurns } from '../turns/in-turns.js';

/**
 * One timer for all sessions of a hub; it runs only while it has subscribers. Like
 * `interval(ms).pipe(share())`, but unsubscribing does not search a list of thousands: a drain ends them
 * all at once. A tick for thousands of subscribers is spread over several turns of the event loop.
 */
export function ticker(intervalMs: number): Observable<void> {
  const listeners = new Set<Subscriber<void>>();
  let timer: NodeJS.Timeout | undefined;
  let isTicking = false;
  const tick = async (): Promise<void> => {
    if (isTicking) return;
    isTicking = true;
    await inTurns(listeners, (listener) => listener.next());
    isTicking = false;
  };
  return new Observable((listener) => {
    listeners.add(listener);
    timer ??= setInterval(() => void tick(), intervalMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  });
}
