import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';

/**
 * Merges ends from outside (reset, drain, closed by the application) into the pipeline. Like `merge(source,
 * end$)`, but lighter (see `endAtTick`), and it completes with its source.
 */
export function endWhen(end$: Observable<StreamEnd>): MonoTypeOperatorFunction<Outbound> {
  return (source) =>
    new Observable<Outbound>((subscriber) => {
      // Subscribed first: if the stream was ended before it started, nothing else is sent.
      const ending = end$.subscribe((end) => subscriber.next(end));
      if (!subscriber.closed) source.subscribe(subscriber);
      return ending;
    });
}
