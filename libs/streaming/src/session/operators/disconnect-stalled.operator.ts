import { identity, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';
import { endAtTick } from './end-at-tick.operator.js';

/** Without bytes: the client does not read. */
const SLOW_CLIENT: StreamEnd = { kind: 'end', reason: 'slow_client' };

/**
 * Ends the stream of a client that acknowledged no byte for `write_timeout` although data was pending
 * (contract §5). A client that makes progress, however slowly, stays.
 *
 * @param timeoutMs undefined = off
 * @param stalledMs how long the connection has made no progress, ms; 0 if nothing is pending
 */
export function disconnectStalled(
  tick$: Observable<unknown>,
  timeoutMs: number | undefined,
  stalledMs: () => number,
): MonoTypeOperatorFunction<Outbound> {
  if (timeoutMs === undefined) return identity;
  return endAtTick(tick$, () => (stalledMs() >= timeoutMs ? SLOW_CLIENT : undefined));
}
