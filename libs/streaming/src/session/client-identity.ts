import type { StreamRequest } from '../hub/stream-request.interface.js';

/** Whom `max_connections_per_client` counts: the token's subject, else the address (contract §7). */
export function clientKey(request: Pick<StreamRequest, 'subscriber' | 'clientAddress'>): string {
  const subject = request.subscriber?.subject;
  // Two prefixes, so that nobody can pick a subject that reads like another's address.
  return subject === undefined ? `address ${request.clientAddress}` : `subject ${subject}`;
}
