/** Where the NATS clients receive replies unless told otherwise. */
export const DEFAULT_INBOX = '_INBOX';

/** As topics (contract §2): a leading `$` and wildcards are outside the alphabet. */
const SUBJECT = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
const MAX_BYTES = 256;

/** Whether a text is a subject that a client may ask, without the service's prefix. */
export function isSubject(text: string): boolean {
  return text.length <= MAX_BYTES && SUBJECT.test(text);
}

/**
 * The subject that follows a service's path, `/reports/monthly` as `reports.monthly`. Undefined where
 * there is none. Slashes around it mean nothing. Each segment is decoded for itself: `%2F` is a
 * character, and refused.
 *
 * @param rest as sent, without the query
 */
export function subjectOfPath(rest: string): string | undefined {
  const segments = rest.split('/');
  while (segments[0] === '') segments.shift();
  while (segments.at(-1) === '') segments.pop();
  return segments.length === 0 ? undefined : segments.map(decodeSegment).join('.');
}

/**
 * Whether a whole subject belongs to NATS itself or leads to somebody's reply subject: prefixes of
 * an operator and what a client adds can only meet there (`_` and `INBOX.x`).
 */
export function isReserved(subject: string, inbox = DEFAULT_INBOX): boolean {
  if (subject.startsWith('$')) return true;
  return [DEFAULT_INBOX, inbox].some(
    (prefix) => subject === prefix || subject.startsWith(`${prefix}.`),
  );
}

/** What is no valid percent-encoding stays as it is: `%` is outside the alphabet. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
