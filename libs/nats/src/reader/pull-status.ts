import type { Msg } from 'nats';
import { NatsReadError } from '../nats.errors.js';

/** What the server says about a pull while all is well, besides messages. */
export type PullSign =
  | { readonly type: 'heartbeat' }
  /** The pull is over. */
  | {
      readonly type: 'ended';
      readonly why: 'expired' | 'empty' | 'full';
      /** How many of the messages asked for were not delivered. */
      readonly unfilled: number;
      /** How many of the bytes asked for were not used. */
      readonly unusedBytes: number;
    };

/** A sign, or the failure of the consumer. */
export type PullStatus = PullSign | { readonly type: 'failed'; readonly error: NatsReadError };

/** Reads a status message of a pull (ADR-13). */
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
      // Consumer or stream deleted, leadership change, server shutdown: the caller begins again.
      if (/exceeded max/i.test(text)) return failed('refused', text);
      return /maxbytes|batch completed/i.test(text) ? ended('full') : failed('consumer_lost', text);
    case 503:
      return failed('consumer_lost', 'nobody answers for the consumer');
    default:
      return failed('refused', `${code} ${text}`);
  }
}

function failed(kind: 'consumer_lost' | 'refused', text: string): PullStatus {
  return { type: 'failed', error: new NatsReadError(kind, `Reading a consumer failed: ${text}`) };
}
