import { isUtf8 } from 'node:buffer';
import type { StreamMessage } from '@nuts/nats';
import { compactJson } from './json-compaction.js';
import { formatStoredTime } from './stored-time.js';

/** A line of data in three parts: the middle one is not copied before the frame is put together. */
export interface EnvelopeParts {
  readonly head: string;
  /** The payload as JSON: bytes as they were published, or text that was written here. */
  readonly payload: Uint8Array | string;
  readonly tail: string;
}

/**
 * The JSON envelope of a message (contract §3): `topic`, `payload`, `time`, and `encoding` only for
 * base64. The payload is embedded JSON, else a JSON string, else base64 of what is not UTF-8. No part
 * holds a line break: JSON escapes them in strings, and between tokens they are stripped.
 */
export function envelopeOf(message: StreamMessage, topic: string): EnvelopeParts {
  const head = `{"topic":${JSON.stringify(topic)},"payload":`;
  const time = `,"time":"${formatStoredTime(message.timeNanos)}"`;
  const { data } = message;
  if (!isUtf8(data)) {
    return {
      head,
      payload: `"${asBuffer(data).toString('base64')}"`,
      tail: `${time},"encoding":"base64"}`,
    };
  }
  const payload = compactJson(data) ?? JSON.stringify(asBuffer(data).toString('utf8'));
  return { head, payload, tail: `${time}}` };
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
