/** The default inbox prefix of NATS clients. */
export const DEFAULT_INBOX = '_INBOX';

/** Same alphabet as topics (contract §2), which excludes a leading `$` and wildcards. */
const SUBJECT = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
const MAX_BYTES = 256;

/** Whether a text is a subject that clients may request, without the service's prefix. */
export function isSubject(text: string): boolean {
  return text.length <= MAX_BYTES && SUBJECT.test(text);
}

/**
 * The subject in a request path: `/reports/monthly` gives `reports.monthly`. Undefined if there is none.
 * Leading and trailing slashes are ignored. Each segment is decoded separately: `%2F` is a character, which
 * is refused.
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
 * Whether a full subject is reserved by NATS or could be a reply subject. An operator's prefix and a
 * client's subject can form such a subject only together (`_` and `INBOX.x`).
 */
export function isReserved(subject: string, inbox = DEFAULT_INBOX): boolean {
  if (subject.startsWith('$')) return true;
  return [DEFAULT_INBOX, inbox].some(
    (prefix) => subject === prefix || subject.startsWith(`${prefix}.`),
  );
}

/** Invalid percent-encoding stays unchanged: `%` is not in the alphabet. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
