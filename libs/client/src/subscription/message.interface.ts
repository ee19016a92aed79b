/** One message of a hub (contract §3). */
export interface Message<Payload = unknown> {
  /** The topic; of a raw stream the one that can be told, else empty. */
  readonly topic: string;
  /** The parsed JSON payload, or text. With `encoding` it is base64. */
  readonly payload: Payload;
  /** The message's position in the stream, as a cursor takes it. */
  readonly id: string;
  /** When the stream stored it, RFC 3339 in nanoseconds; empty for a raw stream. */
  readonly time: string;
  /** The name of the event: `message`, unless the hub's `event_type` says otherwise. */
  readonly event: string;
  /** Of a payload that is not UTF-8. */
  readonly encoding?: 'base64';
  /** Of a hub over a bucket (contract §9). */
  readonly operation?: 'put' | 'delete' | 'purge';
  /** The message's `traceparent`, where the hub sends it. */
  readonly trace?: string;
}

/** Messages that were not delivered. */
export interface Gap {
  /** Of one message that could not be delivered; undefined where the stream no longer had what was missed. */
  readonly topic?: string;
  readonly id?: string;
  /** `oversized`, `raw_not_text`, `mapper_error`, or why a cursor could not be continued (contract §4). */
  readonly reason: string;
  /** Bytes of the message that could not be delivered. */
  readonly size?: number;
}

/** The stream was made anew or set back: everything in it follows, from its start. */
export interface Reset {
  readonly reason: string;
}

/** The history that `start` asked for has been delivered. */
export interface Live {
  /** The id up to which it was. */
  readonly position: string;
}
