import type { DisconnectReason } from '@nuts/metrics';

/** A stream of this process that began or ended. */
export interface StreamFacts {
  /** The hub's name. */
  readonly hub: string;
  readonly topics: readonly string[];
  /** The token's `sub`, or what a guard of your own named; undefined for an anonymous client. */
  readonly subject?: string;
  /** Counts the streams of this hub from 1; the same in both events of a stream. */
  readonly stream: number;
}

/** A client was admitted: its first frame is on its way. */
export interface StreamOpened extends StreamFacts {
  readonly type: 'opened';
}

/** A stream has ended and its connection has closed. */
export interface StreamClosed extends StreamFacts {
  readonly type: 'closed';
  /** As in `nuts_stream_closed_total` and in the log (contract §8). */
  readonly reason: DisconnectReason;
  readonly durationMs: number;
}

export type StreamEvent = StreamOpened | StreamClosed;

/** Takes the events of a hub's streams. Called in the middle of a request: returns at once, never throws. */
export type StreamListener = (event: StreamEvent) => void;
