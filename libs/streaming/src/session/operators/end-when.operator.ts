import { merge, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { Outbound, StreamEnd } from '../outbound.js';

/** Lets whatever ends streams from outside (reset, drain, a closed account) into the pipeline. */
export function endWhen(end$: Observable<StreamEnd>): MonoTypeOperatorFunction<Outbound> {
  return (source) => merge(source, end$);
}
