import { canonicalAddress, getSubscriber } from '@nuts/auth';
import type { Request } from 'express';

/** The key for limits per client: the subject that a guard set, else the address. */
export function clientOf(request: Request): string {
  const subject = getSubscriber(request)?.subject;
  // Different prefixes, so that no subject can collide with an address.
  return subject === undefined
    ? `address ${canonicalAddress(request.ip ?? '')}`
    : `subject ${subject}`;
}
