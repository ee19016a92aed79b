import { HubPublishError } from './publish.errors.js';

/** Printable ASCII without a colon, as NATS requires for header names. */
const NAME = /^[\x21-\x39\x3b-\x7e]+$/;
const LINE_END = /[\r\n]/;

/** @throws HubPublishError for characters that would end a header line and start another */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) {
      throw new HubPublishError('invalid_header', `${JSON.stringify(name)} is not a header name`);
    }
    if (LINE_END.test(value)) {
      throw new HubPublishError('invalid_header', `The header ${name} contains a line break`);
    }
  }
}
