import { rightsEnd, type Subscriber } from '@nuts/auth';
import {
  defer,
  filter,
  identity,
  map,
  type MonoTypeOperatorFunction,
  repeat,
  takeUntil,
  timer,
} from 'rxjs';
import { RequestFailure } from '../replies/request-failure.js';

/** How often a withdrawn key is looked for, in ms; also bounds the timer, which takes no more than 24 days. */
const CHECK_MS = 1000;

/**
 * Errors with `token_expired` to the millisecond, and with `token_revoked` within a second, when the rights
 * of the client end while it still gets replies (contract §6).
 *
 * @param subscriber undefined = everybody may ask
 */
export function endWithToken<T>(
  subscriber: Pick<Subscriber, 'expiresAtMs' | 'isRevoked'> | undefined,
): MonoTypeOperatorFunction<T> {
  const { expiresAtMs, isRevoked } = subscriber ?? {};
  if (subscriber === undefined || (expiresAtMs === undefined && isRevoked === undefined)) {
    return identity;
  }
  const waitMs = (): number =>
    Math.max(0, Math.min(CHECK_MS, (expiresAtMs ?? Infinity) - Date.now()));
  const end$ = defer(() => timer(waitMs())).pipe(
    repeat(),
    map(() => rightsEnd(subscriber)),
    filter((end) => end !== undefined),
    map((end) => {
      throw new RequestFailure(`token_${end}`);
    }),
  );
  return takeUntil<T>(end$);
}
