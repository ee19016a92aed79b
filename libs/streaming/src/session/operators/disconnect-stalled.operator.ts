import { identity, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';
import { endAtTick } from './end-at-tick.operator.js';

/** Nothing is written: the client takes nothing. */
const SLOW_CLIENT: StreamEnd = { kind: 'end', reason: 'slow_client' };

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
  if (timeoutMs === undefined) return identity;
  return endAtTick(tick$, () => (stalledMs() >= timeoutMs ? SLOW_CLIENT : undefined));
}
