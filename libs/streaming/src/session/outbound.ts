import type { DisconnectReason } from '@nuts/metrics';
import type { Segment } from '../channel/segment.js';

/** A comment that keeps the connection alive, and advances the cursor of a caught-up client. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly bytes: Buffer;
}

/** An event about the client's own connection, without an ID. */
export interface Notice {
  readonly kind: 'notice';
  readonly bytes: Buffer;
}

/** The last item of a stream. */
export interface StreamEnd {
  readonly kind: 'end';
  readonly reason: DisconnectReason;
  /** Written before the stream ends. */
  readonly bytes?: Buffer;
}

/** The items of a session's pipeline. */
export type Outbound = Segment | Heartbeat | Notice | StreamEnd;
