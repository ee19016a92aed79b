import type { StreamMessage } from '@nuts/nats';

/** A message to encode: as stored, or as changed by a mapper. */
export interface EncodableMessage extends StreamMessage {
  /** The event name from a mapper; undefined = according to the hub's format. */
  readonly event?: string | undefined;
}
