import { identity, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';
import { endAtTick } from './end-at-tick.operator.js';

/**
 * Ends a stream at a moment: the token's `exp`, or the greatest age of a connection. It asks the
 * clock at each tick instead of setting a timer: `setTimeout` fires at once beyond 24.8 days, and
 * counts on while a laptop or a virtual machine sleeps.
 *
 * @param momentMs undefined = never; never before it, at most one tick after
 */
export function expireAt(
  tick$: Observable<unknown>,
  momentMs: number | undefined,
  now: () => number,
  end: () => StreamEnd,
): MonoTypeOperatorFunction<Outbound> {
  if (momentMs === undefined) return identity;
  return endAtTick(tick$, () => (now() >= momentMs ? end() : undefined));
}
