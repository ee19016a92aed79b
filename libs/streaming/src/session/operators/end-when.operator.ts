import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';

/**
 * Lets whatever ends streams from outside (reset, drain, a closed account) into the pipeline. Like
 * `merge(source, end$)`, but light: see `endAtTick`; and it completes with its source.
 */
export function endWhen(end$: Observable<StreamEnd>): MonoTypeOperatorFunction<Outbound> {
  return (source) =>
    new Observable<Outbound>((subscriber) => {
      // First: of a stream that was ended before it began, nothing else is sent.
      const ending = end$.subscribe((end) => subscriber.next(end));
      if (!subscriber.closed) source.subscribe(subscriber);
      return ending;
    });
}
