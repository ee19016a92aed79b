import { BadRequestException } from '@nestjs/common';

const JSON_TYPE = /^\s*application\/json\s*(?:;|$)/i;

/**
 * Validates a body with a JSON content type (contract §10); it is stored unchanged.
 *
 * @throws BadRequestException if it is not JSON in UTF-8
 */
export function checkJsonBody(contentType: string | undefined, body: Uint8Array): void {
  if (contentType === undefined || !JSON_TYPE.test(contentType)) return;
  try {
    // A byte order mark is not JSON: without `ignoreBOM` it would pass here and fail at subscribers.
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch (cause) {
    throw new BadRequestException('Invalid JSON payload', { cause });
  }
}
