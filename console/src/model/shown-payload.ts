import type { Message } from '@nuts/client';

/** The displayed payload of a message; for a deleted key, its operation (contract §9). */
export function shownPayload({ payload, operation = 'put' }: Message): unknown {
  return operation === 'put' ? payload : `(${operation})`;
}
