import { HubPublishError } from './publish.errors.js';

/**
 * The bytes of a payload: bytes unchanged, a string as UTF-8 text, anything else as JSON. A string is not
 * quoted: `'{"a":1}'` is sent as this JSON text.
 *
 * @throws HubPublishError for values without a JSON text: undefined, functions, bigints, cycles
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
    throw new HubPublishError(
      'invalid_payload',
      `The payload is not a JSON value: ${String(cause)}`,
      {
        cause,
      },
    );
  }
  if (text !== undefined) return text;
  throw new HubPublishError(
    'invalid_payload',
    `The payload is not a JSON value: ${typeof payload}. To publish an empty message, pass null or an empty string.`,
  );
}
