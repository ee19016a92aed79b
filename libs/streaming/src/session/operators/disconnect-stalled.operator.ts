import { filter, map, merge, take, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Outbound } from '../outbound.js';

/**
 * Ends the stream of a client that acknowledged no byte for `write_timeout` while something was on
 * its way to it (contract §5). One that moves, however slowly, stays.
 *
 * @param timeoutMs undefined = off
 * @param stalledMs for how long the connection has made no progress, ms; 0 when nothing waits
 */
export function disconnectStalled(
  tick$: Observable<unknown>,
  timeoutMs: number | undefined,
  stalledMs: () => number,
): MonoTypeOperatorFunction<Outbound> {
  return (source) => {
    if (timeoutMs === undefined) return source;
    const end$ = tick$.pipe(
      filter(() => stalledMs() >= timeoutMs),
      take(1),
      map((): Outbound => ({ kind: 'end', reason: 'slow_client' })),
    );
    return merge(source, end$);
  };
}
