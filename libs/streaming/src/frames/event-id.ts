import type { FrameFormat } from '../hub/hub-options.interface.js';

/** A place in a stream: a sequence, and the stored time of the message there when it is known. */
export interface StreamPosition {
  readonly sequence: number | bigint;
  /** ns since 1970; 0n or absent when unknown. */
  readonly timeNanos?: bigint;
}

/**
 * The SSE id of a position (contract §3): `12345`, or `12345-1790513389663997004` with
 * `sequence_time`. Without a stored time, as for an empty stream (`0`), the sequence alone.
 */
export function formatEventId(format: FrameFormat['eventId'], position: StreamPosition): string {
  const { sequence, timeNanos } = position;
  if (format === 'sequence' || !timeNanos) return String(sequence);
  return `${sequence}-${timeNanos}`;
}
