import { isUtf8 } from 'node:buffer';
import { compactJson, type StreamMessage } from '@nuts/nats';
import type { FrameParts } from './frame-parts.js';

/** What follows the topic in a message's envelope. */
export interface EnvelopeParts {
  /** The payload as JSON: bytes as they were published, or text that was written here. */
  readonly payload: Uint8Array | string;
  /** The other fields and the closing brace; ASCII only. */
  readonly rest: string;
}

/**
 * The JSON envelope of a message behind its `topic` (contract §3): `payload`, `time`, the extras, and
 * `encoding` only for base64. The payload is embedded JSON, else a JSON string, else base64 of what is
 * not UTF-8. No part holds a line break: JSON escapes them in strings, and between tokens they are
 * stripped.
 *
 * @param extras - further fields, each with a comma before it; see `envelopeExtras`
 * @param isRemoval - the message removed its key: there is no payload
 */
export function envelopeOf(
  { data, timeDigits }: StreamMessage,
  parts: FrameParts,
  extras = '',
  isRemoval = false,
): EnvelopeParts {
  const fields = `,"time":"${parts.time(timeDigits)}"${extras}`;
  if (isRemoval) return { payload: 'null', rest: `${fields}}` };
  if (!isUtf8(data)) {
    return {
      payload: `"${asBuffer(data).toString('base64')}"`,
      rest: `${fields},"encoding":"base64"}`,
    };
  }
  const payload = compactJson(data) ?? JSON.stringify(asBuffer(data).toString('utf8'));
  return { payload, rest: `${fields}}` };
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
