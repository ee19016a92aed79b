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

/** Interval of the checks for withdrawn keys, in ms; also keeps timers below their limit of 24 days. */
const CHECK_MS = 1000;

/**
 * Errors with `token_expired` at the exact time, or with `token_revoked` within a second, if the client's
 * rights end while replies are still arriving (contract §6).
 *
 * @param subscriber undefined = open to everyone
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
