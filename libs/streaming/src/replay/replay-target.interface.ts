import type { Segment } from '../channel/segment.js';

/** Whom a replay serves: a session below the window. */
export interface ReplayTarget {
  /** The position that the session has reached; the replay moves it. */
  cursor: number;
  /** Of the history, only what was stored at or after this moment, ns; cleared by the first message. */
  notBeforeNanos: bigint | undefined;
  emit(segment: Segment): void;
}
