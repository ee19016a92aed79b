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

/** The same before its bytes are put together: who joins many frames writes each where it will lie. */
export interface PreparedFrame {
  readonly pieces: FramePieces | undefined;
  readonly dropped: DropReason | undefined;
}

/** A frame in three parts, so that the payload is copied once. */
export interface FramePieces {
  readonly head: string;
  readonly payload: Uint8Array | string;
  /** ASCII only. */
  readonly tail: string;
  /** The payload goes as `data:` lines of its own. */
  readonly isRaw: boolean;
  /** Bytes of the whole frame. */
  readonly length: number;
}

const CONTROL: PreparedFrame = { pieces: undefined, dropped: 'control_message' };

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
  const { pieces, dropped } = prepareFrame(message, topic, format);
  if (pieces === undefined) return { bytes: undefined, dropped };
  const bytes = Buffer.allocUnsafe(pieces.length);
  writeFrame(bytes, 0, pieces);
  return { bytes, dropped };
}

/** All of `encodeFrame` but the bytes. */
export function prepareFrame(
  message: StreamMessage,
  topic: string,
  format: FrameFormat,
): PreparedFrame {
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
    const pieces = { head: start, payload: message.data, tail: end, isRaw: true, length };
    return { pieces, dropped: undefined };
  }
  const envelope = envelopeOf(message, topic);
  const { payload } = envelope;
  const head = `${start}data: ${envelope.head}`;
  const tail = `${envelope.tail}\n${end}`;
  // Only the topic, and a payload written here, can hold more than ASCII.
  const payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const length = Buffer.byteLength(head) + payloadBytes + tail.length;
  if (length > limit) return drop(message, topic, format, 'formatted_sse_message');
  return { pieces: { head, payload, tail, isRaw: false, length }, dropped: undefined };
}

/** Writes a frame's bytes, and returns where they end. */
export function writeFrame(target: Buffer, offset: number, pieces: FramePieces): number {
  const { head, payload, tail, isRaw } = pieces;
  let at = offset + target.write(head, offset);
  if (typeof payload === 'string') at += target.write(payload, at);
  else if (isRaw) at = writeRawLines(target, at, payload);
  else {
    target.set(payload, at);
    at += payload.length;
  }
  return at + target.write(tail, at, 'latin1');
}

function drop(
  message: StreamMessage,
  topic: string,
  format: FrameFormat,
  dropped: 'raw_payload' | 'formatted_sse_message' | 'raw_not_text',
): PreparedFrame {
  if (!format.gapEvents) return { pieces: undefined, dropped };
  const reason: GapReason = dropped === 'raw_not_text' ? dropped : 'oversized';
  const gap = encodeGap(message, topic, reason, formatEventId(format.eventId, message));
  const pieces = { head: '', payload: gap, tail: '', isRaw: false, length: gap.length };
  return { pieces, dropped };
}
