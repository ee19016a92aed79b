import type { ServerResponse } from 'node:http';
import {
  defaultIfEmpty,
  firstValueFrom,
  fromEvent,
  map,
  type Observable,
  of,
  take,
  takeUntil,
} from 'rxjs';
import type { Reply } from '../replies/reply.interface.js';

/** A reply whose payload was copied, so that it stays valid after the call that delivered it. */
export type HeldReply = Reply & { readonly payload: Buffer };

const EMPTY_REPLY: HeldReply = { payload: Buffer.alloc(0) };

/**
 * Resolves with the first reply only; an empty one if the service ends without a reply. Undefined if the
 * client leaves first. Rejects with the error of the replies.
 */
export function firstReply(
  replies$: Observable<Reply>,
  response: ServerResponse,
): Promise<HeldReply | undefined> {
  const left$ = response.closed ? of(undefined) : fromEvent(response, 'close');
  const first$ = replies$.pipe(
    take(1),
    map((reply): HeldReply => ({ ...reply, payload: Buffer.from(reply.payload) })),
    defaultIfEmpty(EMPTY_REPLY),
    takeUntil(left$),
  );
  return firstValueFrom<HeldReply | undefined, undefined>(first$, { defaultValue: undefined });
}
