import type { Msg } from 'nats';
import { NatsReadError } from '../nats.errors.js';

/** The server's normal statuses of a pull. */
export type PullSign =
  | { readonly type: 'heartbeat' }
  /** The pull has ended. */
  | {
      readonly type: 'ended';
      readonly why: 'expired' | 'empty' | 'full';
      /** Number of requested messages that were not delivered. */
      readonly unfilled: number;
      /** Number of requested bytes that were not used. */
      readonly unusedBytes: number;
    };

/** A status, or the failure of the consumer. */
export type PullStatus = PullSign | { readonly type: 'failed'; readonly error: NatsReadError };

/** Parses a status message of a pull (ADR-13). */
export function readPullStatus(message: Msg): PullStatus {
  const headers = message.headers;
  const code = headers?.code ?? 0;
  const text = headers?.description ?? '';
  const pending = (name: string): number => Number(headers?.get(name) ?? '') || 0;
  const ended = (why: 'expired' | 'empty' | 'full'): PullStatus => ({
    type: 'ended',
    why,
    unfilled: pending('Nats-Pending-Messages'),
    unusedBytes: pending('Nats-Pending-Bytes'),
  });
  switch (code) {
    case 100:
      return { type: 'heartbeat' };
    case 404:
      return /consumer|stream/i.test(text) ? failed('consumer_lost', text) : ended('empty');
    case 408:
      return ended('expired');
    case 409:
      // Consumer or stream deleted, leadership change, server shutdown: the caller starts again.
      if (/exceeded max/i.test(text)) return failed('refused', text);
      return /maxbytes|batch completed/i.test(text) ? ended('full') : failed('consumer_lost', text);
    case 503:
      return failed('consumer_lost', 'the consumer does not respond');
    default:
      return failed('refused', `${code} ${text}`);
  }
}

function failed(kind: 'consumer_lost' | 'refused', text: string): PullStatus {
  return { type: 'failed', error: new NatsReadError(kind, `Reading a consumer failed: ${text}`) };
}
