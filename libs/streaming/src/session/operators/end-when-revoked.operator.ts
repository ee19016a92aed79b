import { identity, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';
import { endAtTick } from './end-at-tick.operator.js';

/**
 * Ends the stream of a token whose key is no longer trusted (contract §6). Checked at each tick: thousands
 * of streams depend on one key, and a listener for each would cost memory and searches.
 *
 * @param isRevoked undefined = the key cannot be withdrawn
 */
export function endWhenRevoked(
  tick$: Observable<unknown>,
  isRevoked: (() => boolean) | undefined,
  end: () => StreamEnd,
): MonoTypeOperatorFunction<Outbound> {
  if (isRevoked === undefined) return identity;
  return endAtTick(tick$, () => (isRevoked() ? end() : undefined));
}
