import type { DisconnectReason } from '@nuts/metrics';

/** Describes a stream of this process that has opened or closed. */
export interface StreamFacts {
  /** The hub's name. */
  readonly hub: string;
  readonly topics: readonly string[];
  /** The token's `sub`, or the subject that your own guard set; undefined for an anonymous client. */
  readonly subject?: string;
  /** The number of the stream within this hub, from 1; the same in both events of a stream. */
  readonly stream: number;
}

/** A client was admitted and its first frame is in transit. */
export interface StreamOpened extends StreamFacts {
  readonly type: 'opened';
}

/** A stream has ended and its connection has closed. */
export interface StreamClosed extends StreamFacts {
  readonly type: 'closed';
  /** As in `nuts_stream_closed_total` and the log (contract §8). */
  readonly reason: DisconnectReason;
  readonly durationMs: number;
}

export type StreamEvent = StreamOpened | StreamClosed;

/**
 * Receives the events of a hub's streams. Called during a request, so it must return immediately and never
 * throw.
 */
export type StreamListener = (event: StreamEvent) => void;
