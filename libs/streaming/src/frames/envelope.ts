import { isUtf8 } from 'node:buffer';
import { compactJson, type StreamMessage } from '@nuts/nats';
import type { FrameParts } from './frame-parts.js';
import { traceParentOf } from './trace-parent.js';

/** What follows the topic in a message's envelope. */
export interface EnvelopeParts {
  /** The payload as JSON: bytes as they were published, or text that was written here. */
  readonly payload: Uint8Array | string;
  /** The other fields and the closing brace; ASCII only. */
  readonly rest: string;
}

/**
 * The JSON envelope of a message behind its `topic` (contract §3): `payload`, `time`, and `encoding`
 * only for base64, and `trace` where the message has one and the hub shows it. The payload is embedded JSON, else a JSON string, else base64 of what is not
 * UTF-8. No part holds a line break: JSON escapes them in strings, and between tokens they are
 * stripped.
 */
export function envelopeOf(
  message: StreamMessage,
  parts: FrameParts,
  showsTrace = false,
): EnvelopeParts {
  const { data, timeDigits } = message;
  const trace = showsTrace ? traceParentOf(message) : undefined;
  const time = `,"time":"${parts.time(timeDigits)}"${trace === undefined ? '' : `,"trace":"${trace}"`}`;
  if (!isUtf8(data)) {
    return {
      payload: `"${asBuffer(data).toString('base64')}"`,
      rest: `${time},"encoding":"base64"}`,
    };
  }
  const payload = compactJson(data) ?? JSON.stringify(asBuffer(data).toString('utf8'));
  return { payload, rest: `${time}}` };
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
