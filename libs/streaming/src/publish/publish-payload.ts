import { HubPublishError } from './publish.errors.js';

/**
 * The bytes of a payload: bytes as they are, a string as UTF-8 text, anything else as JSON. A string
 * is not quoted: `'{"a":1}'` is the JSON text that it looks like.
 *
 * @throws HubPublishError for what JSON has no text for: undefined, functions, bigints, cycles
 */
export function payloadBytes(payload: unknown): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  return new TextEncoder().encode(typeof payload === 'string' ? payload : jsonText(payload));
}

function jsonText(payload: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    throw new HubPublishError('invalid_payload', `The payload is no JSON value: ${String(cause)}`, {
      cause,
    });
  }
  if (text !== undefined) return text;
  throw new HubPublishError(
    'invalid_payload',
    `The payload is no JSON value: ${typeof payload}. Publish null or an empty string for nothing.`,
  );
}
