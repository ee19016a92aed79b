import type { FrameFormat } from '../hub/hub-options.interface.js';

/**
 * The SSE id of a position (contract §3): `12345`, or `12345-1790513389663997004` with
 * `sequence_time`. Without a stored time, as for an empty stream (`0`), the sequence alone.
 *
 * @param timeNanos - stored time of the message there, ns since 1970; 0n or undefined when unknown
 */
export function eventId(
  sequence: number | bigint,
  timeNanos: bigint | undefined,
  format: FrameFormat['eventId'],
): string {
  return format === 'sequence' || !timeNanos ? String(sequence) : `${sequence}-${timeNanos}`;
}
