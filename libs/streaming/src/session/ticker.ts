import { Observable, type Subscriber } from 'rxjs';
import { inTurns } from '../turns/in-turns.js';

/**
 * One timer for all sessions of a hub; it runs while somebody listens. Like
 * `interval(ms).pipe(share())`, but whoever leaves is not searched for among thousands of others:
 * a drain ends them all at once. A tick of thousands takes several turns of the event loop.
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
