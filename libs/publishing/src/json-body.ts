import { isUtf8 } from 'node:buffer';
import { BadRequestException } from '@nestjs/common';
import { compactJson } from '@nuts/nats';

const JSON_TYPE = /^\s*application\/json\s*(?:;|$)/i;

/**
 * Validates a body with a JSON content type (contract §10); it is stored unchanged. No values are built: for
 * 1 MiB of brackets or short keys, `JSON.parse` blocks the event loop for more than 100 ms.
 *
 * @throws BadRequestException if it is not JSON in UTF-8
 */
export function checkJsonBody(contentType: string | undefined, body: Uint8Array): void {
  if (contentType === undefined || !JSON_TYPE.test(contentType)) return;
  if (!isUtf8(body) || compactJson(body) === undefined) {
    throw new BadRequestException('Invalid JSON payload');
  }
}
