import { canonicalAddress, getSubscriber } from '@nuts/auth';
import type { Request } from 'express';

/** Whom limits for each client count: the subject that a guard identified, else the address. */
export function clientOf(request: Request): string {
  const subject = getSubscriber(request)?.subject;
  // Two prefixes, so that nobody can pick a subject that reads like another's address.
  return subject === undefined
    ? `address ${canonicalAddress(request.ip ?? '')}`
    : `subject ${subject}`;
}
