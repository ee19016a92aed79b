import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { EncodableMessage } from './encodable-message.js';
import { firstHeader } from './message-headers.js';

const EVENT_NAME = /^[A-Za-z0-9._:-]{1,100}$/;

/** Names with another meaning: this service's own events, and those that `EventSource` fires itself. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['connected', 'reset', 'gap', 'live', 'expiring'],
  ...['open', 'error'],
]);

/**
 * The event name (contract §3): the mapper's choice if any, else `message`, the topic, or the first value
 * of a header. Invalid and reserved names become `message`, so that the client still receives the data.
 */
export function eventName(
  eventType: FrameFormat['eventType'],
  message: EncodableMessage,
  topic: string,
): string {
  if (message.event !== undefined) return usable(message.event);
  switch (eventType.from) {
    case 'message':
      return 'message';
    case 'topic':
      return usable(topic);
    case 'header':
      return usable(firstHeader(message, eventType.header));
    default:
      return eventType satisfies never;
  }
}

function usable(name: string | undefined): string {
  return name !== undefined && EVENT_NAME.test(name) && !RESERVED.has(name) ? name : 'message';
}
