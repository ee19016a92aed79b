import { isUtf8 } from 'node:buffer';
import { compactJson, type StreamMessage } from '@nuts/nats';
import type { FrameParts } from './frame-parts.js';

/** The parts of a message's envelope after the topic. */
export interface EnvelopeParts {
  /** The payload as JSON: the published bytes, or encoded text. */
  readonly payload: Uint8Array | string;
  /** The other fields and the closing brace; ASCII only. */
  readonly rest: string;
}

/**
 * The JSON envelope of a message after its `topic` (contract §3): `payload`, `time`, the extras, and
 * `encoding` for base64. The payload is embedded JSON, else a JSON string, else base64 if it is not UTF-8.
 * No part contains a line break: JSON escapes them in strings, and those between tokens are removed.
 *
 * @param extras - further fields, each preceded by a comma; see `envelopeExtras`
 * @param isRemoval - the message deleted its key: there is no payload
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
