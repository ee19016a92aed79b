import type { StreamMessage } from '@nuts/nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';

/** A message as it was delivered, or looked up. */
export type WithHeaders = Partial<Pick<StreamMessage, 'headers'>>;

/** The server's delete markers. */
const MARKER_REASON = 'Nats-Marker-Reason';

/**
 * Whether a message is there for the server's own purposes (contract §3): a schedule, or a delete marker,
 * which in a bucket tells of a key that is gone. Costs nothing for a message without headers.
 */
export function isControlMessage(
  message: StreamMessage,
  { keyOperations }: Pick<FrameFormat, 'keyOperations'>,
): boolean {
  const headers = headersOf(message);
  if (headers === undefined) return false;
  return headers.has('Nats-Schedule') || (keyOperations !== true && headers.has(MARKER_REASON));
}

/** The first value of a header, its name case-sensitive; undefined when there is none. */
export function firstHeader(message: WithHeaders, name: string): string | undefined {
  return headersOf(message)?.values(name)[0];
}

/**
 * The client library decodes on first access and throws at a name or value that it would not have
 * sent itself; another publisher may have. Such a message is one without headers, not a dead hub.
 */
function headersOf(message: WithHeaders): StreamMessage['headers'] {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
}
