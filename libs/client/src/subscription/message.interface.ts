/** One message of a hub (contract §3). */
export interface Message<Payload = unknown> {
  /** The topic; in a raw stream, empty if it cannot be determined. */
  readonly topic: string;
  /** The parsed JSON payload, or text. With `encoding` it is base64. */
  readonly payload: Payload;
  /** The message's position in the stream, usable as a cursor. */
  readonly id: string;
  /** When the stream stored it, as RFC 3339 with nanoseconds; empty in a raw stream. */
  readonly time: string;
  /** The event name: `message`, unless the hub's `event_type` changes it. */
  readonly event: string;
  /** Set if the payload is not UTF-8. */
  readonly encoding?: 'base64';
  /** Set in a hub over a bucket (contract §9). */
  readonly operation?: 'put' | 'delete' | 'purge';
  /** The message's `traceparent`, if the hub sends it. */
  readonly trace?: string;
}

/** Messages that were not delivered. */
export interface Gap {
  /** The topic of a message that could not be delivered; undefined if the stream no longer has missed messages. */
  readonly topic?: string;
  readonly id?: string;
  /** `oversized`, `raw_not_text`, `mapper_error`, or why a cursor could not be resumed (contract §4). */
  readonly reason: string;
  /** Size in bytes of the message that could not be delivered. */
  readonly size?: number;
}

/** The stream was recreated or rewound: its whole content follows, from its start. */
export interface Reset {
  readonly reason: string;
}

/** The history requested with `start` was delivered. */
export interface Live {
  /** The ID up to which it was delivered. */
  readonly position: string;
}
