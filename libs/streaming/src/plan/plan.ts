import type { RequestedCursor } from '@nuts/auth';
import type { StreamStart } from '@nuts/metrics';
import type { StreamFacts } from '@nuts/nats';

/** Why a cursor cannot be continued (contract §4). */
export type FallbackReason =
  | 'sequence below retention'
  | 'sequence outside replay window'
  | 'cursor ahead of stream'
  | 'cursor from another stream';

/** How a stream starts, as reported in the connected event. */
export type Recovery = 'live' | 'resumed' | 'fallback' | 'started';

/** Where a session starts. Decided once. */
export interface Plan {
  readonly recovery: Recovery;
  readonly reason?: FallbackReason;
  /**
   * The start of a stream without a cursor. With `last`, the newest message of each subject comes first,
   * and the stream continues after the position at which they were read; `after` is only a lower bound for
   * that position.
   */
  readonly start?: StreamStart;
  /** Messages of the topics above this sequence are delivered. */
  readonly after: number;
  /** Skip history, including initial values, stored before this time, ns. */
  readonly notBeforeNanos?: bigint;
  /** The ID of the connected event, which becomes the client's last event ID. */
  readonly id: string;
  /**
   * The stream's last sequence, read after the request arrived; undefined if the decision came from memory
   * alone.
   */
  readonly streamEnd?: number;
  /** Messages up to here were stored before the request: `replay_max_messages` counts them as history. */
  readonly historyThrough: number;
  /** The log's generation when the plan was made; the plan is invalid in any other. */
  readonly generation: number;
}

/** The decision; the other fields of a plan record when it was made. */
export type Decision = Omit<Plan, 'historyThrough' | 'generation'>;

/** A cursor's place in the stream, by sequence only. */
export type CursorPlace = 'continues' | 'ahead' | 'below_retention';

/** Compares a cursor with a stream's bounds; exact up to the highest cursor, 2^64−3. */
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
