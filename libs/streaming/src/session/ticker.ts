import { Observable, type Subscriber } from 'rxjs';

/**
 * One timer for all sessions of a hub; it runs while somebody listens. Like
 * `interval(ms).pipe(share())`, but whoever leaves is not searched for among thousands of others:
 * a drain ends them all at once.
 */
export function ticker(intervalMs: number): Observable<void> {
  const listeners = new Set<Subscriber<void>>();
  let timer: NodeJS.Timeout | undefined;
  return new Observable((listener) => {
    listeners.add(listener);
    timer ??= setInterval(() => {
      for (const each of listeners) each.next();
    }, intervalMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  });
}
