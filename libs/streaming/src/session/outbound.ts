import type { DisconnectReason } from '@nuts/metrics';
import type { Segment } from '../channel/segment.js';

/** A comment that shows life, and moves the cursor of a caught-up client. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly bytes: Buffer;
}

/** An event that tells the client about its own connection; it has no id and moves no cursor. */
export interface Notice {
  readonly kind: 'notice';
  readonly bytes: Buffer;
}

/** The last thing of a stream. */
export interface StreamEnd {
  readonly kind: 'end';
  readonly reason: DisconnectReason;
  /** Written before the stream ends; without it, it just ends. */
  readonly bytes?: Buffer;
}

/** What flows through a session's pipeline to its socket. */
export type Outbound = Segment | Heartbeat | Notice | StreamEnd;
