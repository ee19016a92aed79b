import type { StreamMessage } from '@nuts/nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';

/** A message as delivered or looked up. */
export type WithHeaders = Partial<Pick<StreamMessage, 'headers'>>;

/** Set in the server's delete markers. */
const MARKER_REASON = 'Nats-Marker-Reason';

/**
 * Whether a message serves the server's own purposes (contract §3): a schedule, or a delete marker. In a
 * bucket, a delete marker announces a deleted key and is not a control message. Costs nothing for a message
 * without headers.
 */
export function isControlMessage(
  message: StreamMessage,
  { keyOperations }: Pick<FrameFormat, 'keyOperations'>,
): boolean {
  const headers = headersOf(message);
  if (headers === undefined) return false;
  return headers.has('Nats-Schedule') || (keyOperations !== true && headers.has(MARKER_REASON));
}

/** The first value of a header; names are case-sensitive. */
export function firstHeader(message: WithHeaders, name: string): string | undefined {
  return headersOf(message)?.values(name)[0];
}

/**
 * The client library decodes headers on first access, and throws for a name or value that it would not send
 * itself. Another publisher may have sent one: treat such a message as one without headers instead of
 * failing the hub.
 */
function headersOf(message: WithHeaders): StreamMessage['headers'] {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
}
