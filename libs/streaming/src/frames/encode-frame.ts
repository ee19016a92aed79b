import type { DropReason } from '@nuts/metrics';
import type { StreamMessage } from '@nuts/nats';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import { envelopeOf } from './envelope.js';
import { formatEventId } from './event-id.js';
import { eventName } from './event-name.js';
import { encodeGap, type GapReason } from './gap-frame.js';
import { isControlMessage } from './message-headers.js';
import { isRawText, rawLinesLength, writeRawLines } from './raw-lines.js';

/** What becomes of a message: exactly one of delivered, announced as a gap, or left out. */
export interface EncodedFrame {
  /** A whole frame, blank line included; undefined when nothing is sent. */
  readonly bytes: Buffer | undefined;
  /** Set when the message itself is not sent; with bytes, those are a gap event. */
  readonly dropped: DropReason | undefined;
}

const CONTROL: EncodedFrame = { bytes: undefined, dropped: 'control_message' };

/**
 * Turns a message into the bytes of one SSE frame (contract §3): event, data, and the id as the last
 * line, so that a frame cut short never moves a client's cursor. Pure, and the same for every client
 * of a format: encode once, write often.
 *
 * @param topic - the message's subject without the hub's prefix; any text
 */
export function encodeFrame(
  message: StreamMessage,
  topic: string,
  format: FrameFormat,
): EncodedFrame {
  if (isControlMessage(message)) return CONTROL;
  const limit = format.maxEventBytes ?? Infinity;
  // Before anything is decoded: a payload over the limit must not cost its encoding as well.
  if (message.data.length > limit) return drop(message, topic, format, 'raw_payload');
  const start = `event: ${eventName(format.eventType, message, topic)}\n`;
  const end = `id: ${formatEventId(format.eventId, message)}\n\n`;
  if (format.payload === 'raw') {
    if (!isRawText(message.data)) return drop(message, topic, format, 'raw_not_text');
    const length = start.length + rawLinesLength(message.data) + end.length;
    if (length > limit) return drop(message, topic, format, 'formatted_sse_message');
    return { bytes: joinRaw(start, message.data, end, length), dropped: undefined };
  }
  const { head, payload, tail } = envelopeOf(message, topic);
  const bytes = joinEnvelope(`${start}data: ${head}`, payload, `${tail}\n${end}`);
  if (bytes.length > limit) return drop(message, topic, format, 'formatted_sse_message');
  return { bytes, dropped: undefined };
}

function drop(
  message: StreamMessage,
  topic: string,
  format: FrameFormat,
  dropped: 'raw_payload' | 'formatted_sse_message' | 'raw_not_text',
): EncodedFrame {
  if (!format.gapEvents) return { bytes: undefined, dropped };
  const reason: GapReason = dropped === 'raw_not_text' ? dropped : 'oversized';
  return {
    bytes: encodeGap(message, topic, reason, formatEventId(format.eventId, message)),
    dropped,
  };
}

/** `start` and `end` are ASCII: names, digits and field names. */
function joinRaw(start: string, payload: Uint8Array, end: string, length: number): Buffer {
  const frame = Buffer.allocUnsafe(length);
  const dataStart = frame.write(start, 'latin1');
  frame.write(end, writeRawLines(frame, dataStart, payload), 'latin1');
  return frame;
}

/** Only `head` (the topic) and a payload written here can hold more than ASCII. */
function joinEnvelope(head: string, payload: Uint8Array | string, tail: string): Buffer {
  if (typeof payload === 'string') return Buffer.from(head + payload + tail);
  const headLength = Buffer.byteLength(head);
  const frame = Buffer.allocUnsafe(headLength + payload.length + tail.length);
  frame.write(head);
  frame.set(payload, headLength);
  frame.write(tail, headLength + payload.length, 'latin1');
  return frame;
}
