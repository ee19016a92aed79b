import type { DropReason } from '@nuts/metrics';
import type { FrameFormat } from '../hub/hub-options.interface.js';
import type { EncodableMessage } from './encodable-message.js';
import { envelopeExtras } from './envelope-extras.js';
import { envelopeOf } from './envelope.js';
import type { FrameRole } from './frame-role.js';
import { formatEventId } from './event-id.js';
import { eventName } from './event-name.js';
import { FRESH_PARTS } from './frame-parts.js';
import { encodeGap, gapReason } from './gap-frame.js';
import { isRemoval, operationIn } from './key-operation.js';
import { isControlMessage } from './message-headers.js';
import { isRawText, rawLinesLength, writeRawLines } from './raw-lines.js';

/** The result for a message: delivered, announced as a gap, or skipped. */
export interface EncodedFrame {
  /** A whole frame including the blank line; undefined if nothing is sent. */
  readonly bytes: Buffer | undefined;
  /** Set if the message itself is not sent; `bytes` is then its gap event, if any. */
  readonly dropped: DropReason | undefined;
}

/** A frame before its bytes are assembled, so that a caller can write many frames into one buffer. */
export interface PreparedFrame {
  readonly pieces: FramePieces | undefined;
  readonly dropped: DropReason | undefined;
  /** The error that the hub's mapper threw. */
  readonly error?: Error;
}

/** A frame in three parts, so that the payload is copied only once. */
export interface FramePieces {
  readonly head: Uint8Array | string;
  readonly payload: Uint8Array | string;
  /** ASCII only. */
  readonly tail: string;
  /** The payload is sent as `data:` lines, without an envelope. */
  readonly isRaw: boolean;
  /** Size of the whole frame in bytes. */
  readonly length: number;
}

const CONTROL: PreparedFrame = { pieces: undefined, dropped: 'control_message' };
/** A deleted key has no initial value. */
const NO_VALUE: PreparedFrame = { pieces: undefined, dropped: undefined };
const NOTHING = new Uint8Array(0);

/**
 * Encodes a message as one SSE frame (contract §3): event, data, and the ID as the last line, so that a
 * truncated frame does not move a client's cursor. Pure, with the same result for every client of a format:
 * encode once, write many times.
 *
 * @param topic - the message's subject without the hub's prefix; any text
 */
export function encodeFrame(
  message: EncodableMessage,
  topic: string,
  format: FrameFormat,
  parts = FRESH_PARTS,
): EncodedFrame {
  const { pieces, dropped } = prepareFrame(message, topic, format, parts);
  if (pieces === undefined) return { bytes: undefined, dropped };
  const bytes = Buffer.allocUnsafe(pieces.length);
  writeFrame(bytes, 0, pieces);
  return { bytes, dropped };
}

/**
 * `encodeFrame` without assembling the bytes.
 *
 * @param parts - may cache its results
 */
export function prepareFrame(
  message: EncodableMessage,
  topic: string,
  format: FrameFormat,
  parts = FRESH_PARTS,
  role: FrameRole = 'event',
): PreparedFrame {
  if (isControlMessage(message, format)) return CONTROL;
  const operation = operationIn(format, message);
  const isGone = isRemoval(operation);
  if (isGone && role === 'initial') return NO_VALUE;
  const data = isGone ? NOTHING : message.data;
  const limit = format.maxEventBytes ?? Infinity;
  const id = role === 'event' ? formatEventId(format.eventId, message) : undefined;
  // Checked before decoding: a payload over the limit must not also cost its encoding.
  if (data.length > limit) return drop(message, topic, format, 'raw_payload', id);
  const name = eventName(format.eventType, message, topic);
  const end = id === undefined ? '\n' : `id: ${id}\n\n`;
  if (format.payload === 'raw') {
    if (!isRawText(data)) return drop(message, topic, format, 'raw_not_text', id);
    const head = `event: ${name}\n`;
    const length = head.length + rawLinesLength(data) + end.length;
    if (length > limit) return drop(message, topic, format, 'formatted_sse_message', id);
    const pieces = { head, payload: data, tail: end, isRaw: true, length };
    return { pieces, dropped: undefined };
  }
  const extras = envelopeExtras(message, format, role, operation);
  const { payload, rest } = envelopeOf(message, parts, extras, isGone);
  const head = parts.head(name, topic);
  const tail = `${rest}\n${end}`;
  const payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const length = head.length + payloadBytes + tail.length;
  if (length > limit) return drop(message, topic, format, 'formatted_sse_message', id);
  return { pieces: { head, payload, tail, isRaw: false, length }, dropped: undefined };
}

/** Writes a frame's bytes and returns their end offset. */
export function writeFrame(target: Buffer, offset: number, pieces: FramePieces): number {
  const { head, payload, tail, isRaw } = pieces;
  const from = writePart(target, offset, head);
  const at =
    isRaw && typeof payload !== 'string'
      ? writeRawLines(target, from, payload)
      : writePart(target, from, payload);
  return at + target.write(tail, at, 'latin1');
}

function writePart(target: Buffer, offset: number, part: Uint8Array | string): number {
  if (typeof part === 'string') return offset + target.write(part, offset);
  target.set(part, offset);
  return offset + part.length;
}

/** The gap event for a message that cannot be delivered, or nothing if the hub disables gap events. */
export function prepareGap(
  message: EncodableMessage,
  topic: string,
  format: FrameFormat,
  dropped: DropReason,
  role: FrameRole = 'event',
): PreparedFrame {
  const id = role === 'event' ? formatEventId(format.eventId, message) : undefined;
  return drop(message, topic, format, dropped, id);
}

function drop(
  message: EncodableMessage,
  topic: string,
  format: FrameFormat,
  dropped: DropReason,
  id: string | undefined,
): PreparedFrame {
  if (!format.gapEvents) return { pieces: undefined, dropped };
  const gap = encodeGap(message, topic, gapReason(dropped), id);
  const pieces = { head: '', payload: gap, tail: '', isRaw: false, length: gap.length };
  return { pieces, dropped };
}
