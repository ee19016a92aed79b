import type { StreamFacts } from '@nuts/nats';

/** A reader's position in the stream. */
export interface Position {
  readonly sequence: number;
  /** Stored time of the message at that sequence, ns; 0n if the stream never had one. */
  readonly timeNanos: bigint;
}

/** The position of an empty stream. */
export const START_OF_STREAM: Position = { sequence: 0, timeNanos: 0n };

/** Why a stream is no longer the one that was read before. */
export type ResetReason = 'stream_recreated' | 'stream_rewound';

/**
 * Compares stream info with the stream that was read so far (DESIGN: a stream's generation). `behind` is
 * not final: a new leader may lag, so a lower last sequence counts as a rewind only after repeated reads.
 *
 * @param reached the highest sequence that the stream is known to have had
 */
export function compareGeneration(
  created: string,
  reached: number,
  facts: Pick<StreamFacts, 'created' | 'lastSequence'>,
): 'same' | 'behind' | 'stream_recreated' {
  if (facts.created !== created) return 'stream_recreated';
  return facts.lastSequence < reached ? 'behind' : 'same';
}

/** The start of the window: this number of messages before the stream's end, but not before its first message. */
export function windowStart(
  facts: Pick<StreamFacts, 'firstSequence' | 'lastSequence'>,
  maxMessages: number,
): number {
  return Math.max(1, facts.firstSequence, facts.lastSequence - maxMessages + 1);
}
