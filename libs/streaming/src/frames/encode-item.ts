import type { DropReason } from '@nuts/metrics';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { EncodableMessage } from './encodable-message.js';
import { prepareFrame, type PreparedFrame } from './encode-frame.js';
import { envelopeExtras } from './envelope-extras.js';
import { formatEventId } from './event-id.js';
import { eventName } from './event-name.js';
import { FRESH_PARTS } from './frame-parts.js';
import type { FrameRole } from './frame-role.js';
import { gapReason } from './gap-frame.js';
import { isRemoval, operationIn } from './key-operation.js';

/**
 * Encodes a message as an item of a page of history (contract §9), preceded by a comma. Whether it is
 * delivered, announced as a gap or skipped is decided as for a frame, so that pages and streams agree.
 *
 * @param topic - the message's subject without the hub's prefix; any text
 */
export function prepareItem(
  message: EncodableMessage,
  topic: string,
  format: FrameFormat,
  parts = FRESH_PARTS,
  role: FrameRole = 'event',
): PreparedFrame {
  const operation = operationIn(format, message);
  if (role === 'initial' && isRemoval(operation)) return { pieces: undefined, dropped: undefined };
  // All items have IDs.
  const frame = prepareFrame(message, topic, format, parts);
  if (frame.pieces === undefined) return frame;
  if (frame.dropped !== undefined) return prepareItemGap(message, topic, format, frame.dropped);
  const id = formatEventId(format.eventId, message);
  const name = eventName(format.eventType, message, topic);
  const event = name === 'message' ? '' : `,"event":${JSON.stringify(name)}`;
  const head = `,{"id":"${id}"${event},"topic":${JSON.stringify(topic)},"payload":`;
  const { payload, tail } = frame.pieces.isRaw
    ? {
        payload: JSON.stringify(Buffer.from(frame.pieces.payload).toString('utf8')),
        tail: `,"time":"${parts.time(message.timeDigits)}"${envelopeExtras(message, format, 'event', operation)}}`,
      }
    : { payload: frame.pieces.payload, tail: envelopeEnd(frame.pieces.tail) };
  const length = Buffer.byteLength(head) + Buffer.byteLength(payload) + tail.length;
  return { pieces: { head, payload, tail, isRaw: false, length }, dropped: undefined };
}

/** The item for a message that cannot be delivered. */
export function prepareItemGap(
  message: EncodableMessage,
  topic: string,
  format: FrameFormat,
  dropped: DropReason,
): PreparedFrame {
  if (!format.gapEvents) return { pieces: undefined, dropped };
  const id = formatEventId(format.eventId, message);
  const gap = { id, topic, gap: gapReason(dropped), size: message.data.length };
  const item = Buffer.from(`,${JSON.stringify(gap)}`);
  const pieces = { head: '', payload: item, tail: '', isRaw: false, length: item.length };
  return { pieces, dropped };
}

/** The envelope's part of a frame's tail: its first line. */
function envelopeEnd(tail: string): string {
  return tail.slice(0, tail.indexOf('\n'));
}
