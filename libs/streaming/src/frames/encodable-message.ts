import type { StreamMessage } from '@nuts/nats';

/** A message on its way to a frame: as it was stored, or as a mapper changed it. */
export interface EncodableMessage extends StreamMessage {
  /** The event's name that a mapper chose; undefined = as the hub's format says. */
  readonly event?: string | undefined;
}
