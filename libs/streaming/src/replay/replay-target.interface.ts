import type { Segment } from '../channel/segment.js';

/** The session that a replay serves. */
export interface ReplayTarget {
  /** The session's position; the replay advances it. */
  cursor: number;
  /** Skip history stored before this time, ns; cleared by the first message. */
  notBeforeNanos: bigint | undefined;
  emit(segment: Segment): void;
}
