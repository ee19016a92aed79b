import type { StreamMessage } from '@nuts/nats';

/** Headers of messages that the server writes for itself: delete markers and schedules. */
const CONTROL_HEADERS = ['Nats-Marker-Reason', 'Nats-Schedule'] as const;

/**
 * Whether the server wrote a message for itself (contract §3). Costs nothing for a message without
 * headers.
 */
export function isControlMessage(message: StreamMessage): boolean {
  const headers = headersOf(message);
  return headers !== undefined && CONTROL_HEADERS.some((name) => headers.has(name));
}

/** The first value of a header, its name case-sensitive; undefined when there is none. */
export function firstHeader(message: StreamMessage, name: string): string | undefined {
  return headersOf(message)?.values(name)[0];
}

/**
 * The client library decodes on first access and throws at a name or value that it would not have
 * sent itself; another publisher may have. Such a message is one without headers, not a dead hub.
 */
function headersOf(message: StreamMessage): StreamMessage['headers'] {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
}
