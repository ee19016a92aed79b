import { identity, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';
import { endAtTick } from './end-at-tick.operator.js';

/**
 * Ends the stream of a token whose key is no longer trusted (contract §6). Asked at each tick: one key
 * stands behind thousands of streams, and a listener for each is memory and a list to search.
 *
 * @param isRevoked undefined = the right to listen ends with its time only
 */
export function endWhenRevoked(
  tick$: Observable<unknown>,
  isRevoked: (() => boolean) | undefined,
  end: () => StreamEnd,
): MonoTypeOperatorFunction<Outbound> {
  if (isRevoked === undefined) return identity;
  return endAtTick(tick$, () => (isRevoked() ? end() : undefined));
}
