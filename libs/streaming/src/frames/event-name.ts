import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { EncodableMessage } from './encodable-message.js';
import { firstHeader } from './message-headers.js';

const EVENT_NAME = /^[A-Za-z0-9._:-]{1,100}$/;

/** Names that mean something else: events of this service, and those that `EventSource` fires itself. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['connected', 'reset', 'gap', 'live', 'expiring'],
  ...['open', 'error'],
]);

/**
 * The event's name (contract §3): `message`, the topic, or the first value of a header; before these, what
 * a mapper chose. Whatever is
 * no name, or a reserved one, becomes `message`, so that the client still gets the data.
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
