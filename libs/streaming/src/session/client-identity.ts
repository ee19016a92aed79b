import type { StreamRequest } from '../hub/stream-request.interface.js';

/** The key that `max_connections_per_client` counts by: the token's subject, else the address (contract §7). */
export function clientKey(request: Pick<StreamRequest, 'subscriber' | 'clientAddress'>): string {
  const subject = request.subscriber?.subject;
  // Different prefixes, so that no subject can collide with an address.
  return subject === undefined ? `address ${request.clientAddress}` : `subject ${subject}`;
}
