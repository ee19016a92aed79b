import { rightsEnd } from '@nuts/auth';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import type { StreamRequest } from './stream-request.interface.js';

/**
 * Refuses a request that was planned and comes too late: the process drains, or the client's token ended
 * after the guards had checked it.
 *
 * @throws StreamRefusal
 */
export function refuseIfExpired(
  { subscriber }: Pick<StreamRequest, 'subscriber'>,
  draining: boolean,
): void {
  if (draining) {
    throw new StreamRefusal('jetstream_unavailable', { reason: 'handler_shutdown' });
  }
  if (subscriber !== undefined && rightsEnd(subscriber) !== undefined) {
    throw new StreamRefusal('token_ended');
  }
}
