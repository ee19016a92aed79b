import type { Message } from '@nuts/client';

/** What stands for a message's payload: of a key that was removed, the word for it (contract §9). */
export function shownPayload({ payload, operation = 'put' }: Message): unknown {
  return operation === 'put' ? payload : `(${operation})`;
}
