import type { RequestedCursor } from '@nuts/auth';
import type { StreamStart } from '@nuts/metrics';
import type { StreamFacts } from '@nuts/nats';

/** Why a cursor cannot be continued (contract §4). */
export type FallbackReason =
  | 'sequence below retention'
  | 'sequence outside replay window'
  | 'cursor ahead of stream'
  | 'cursor from another stream';

/** How a stream begins, told in the connected event. */
export type Recovery = 'live' | 'resumed' | 'fallback' | 'started';

/** Where a session starts, decided once. */
export interface Plan {
  readonly recovery: Recovery;
  readonly reason?: FallbackReason;
  /**
   * What a stream without a cursor begins with. With `last` the newest message of each subject comes
   * first, and the stream goes on behind the position at which they were read: `after` is only about that
   * position.
   */
  readonly start?: StreamStart;
  /** Everything of the topics above this sequence is delivered. */
  readonly after: number;
  /** Of the history, initial values included, only what was stored at or after this moment, ns. */
  readonly notBeforeNanos?: bigint;
  /** The id of the connected event, as the client shall remember it. */
  readonly id: string;
  /** The stream's last sequence, read after the request came; undefined where memory alone decided. */
  readonly streamEnd?: number;
  /** What was stored when the request came: history, that `replay_max_messages` counts. */
  readonly historyThrough: number;
  /** The log's generation that this plan is about; in another one it means nothing. */
  readonly generation: number;
}

/** What is decided; the rest of a plan is the moment at which it was. */
export type Decision = Omit<Plan, 'historyThrough' | 'generation'>;

/** Where a cursor lies in the stream, by sequence alone. */
export type CursorPlace = 'continues' | 'ahead' | 'below_retention';

/** Compares a cursor with a stream's bounds; exact up to the highest cursor, 2^64-3. */
export function placeCursor(
  cursor: Pick<RequestedCursor, 'sequence'>,
  facts: Pick<StreamFacts, 'firstSequence'>,
  lastSequence: number,
): CursorPlace {
  if (cursor.sequence > BigInt(lastSequence)) return 'ahead';
  if (cursor.sequence + 1n < BigInt(facts.firstSequence)) return 'below_retention';
  return 'continues';
}

/** The start of `replay_window`, ns since 1970. */
export function replayWindowStart(nowMs: number, replayWindowMs: number): bigint {
  return BigInt(Math.floor(nowMs - replayWindowMs)) * 1_000_000n;
}
