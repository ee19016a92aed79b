import type { FrameFormat } from '../hub/hub-options.interface.js';

/** A position in a stream: a sequence, and the stored time of its message if known. */
export interface StreamPosition {
  readonly sequence: number | bigint;
  /** ns since 1970; 0n or absent if unknown. */
  readonly timeNanos?: bigint;
}

/**
 * The event ID of a position (contract §3): `12345`, or `12345-1790513389663997004` with `sequence_time`.
 * Without a stored time, as for an empty stream (`0`), only the sequence.
 */
export function formatEventId(format: FrameFormat['eventId'], position: StreamPosition): string {
  const { sequence, timeNanos } = position;
  if (format === 'sequence' || !timeNanos) return String(sequence);
  return `${sequence}-${timeNanos}`;
}
