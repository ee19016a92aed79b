import { isUtf8 } from 'node:buffer';
import { compactJson } from '@nuts/nats';

/** A payload as a JSON value, encoded as in message envelopes (contract §3). */
export interface JsonPayload {
  /** Compacted JSON as sent, or a JSON string; without line breaks. */
  readonly json: Uint8Array | string;
  readonly isBase64: boolean;
}

/** Embedded JSON, else a JSON string, else base64 if it is not UTF-8. */
export function payloadJson(payload: Uint8Array): JsonPayload {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (!isUtf8(payload)) return { json: `"${bytes.toString('base64')}"`, isBase64: true };
  return { json: compactJson(payload) ?? JSON.stringify(bytes.toString('utf8')), isBase64: false };
}

const CONTENT_TYPE = /^[\x20-\x7e]{1,200}$/;

/** The `Content-Type` of a reply: its own if valid, else derived from its content. */
export function contentTypeOf(payload: Uint8Array, own: string | undefined): string {
  if (own !== undefined && CONTENT_TYPE.test(own)) return own;
  if (!isUtf8(payload)) return 'application/octet-stream';
  return compactJson(payload) === undefined
    ? 'text/plain; charset=utf-8'
    : 'application/json; charset=utf-8';
}
