/** Maximum number of list entries in a log line (contract §8). */
const SHOWN_ENTRIES = 8;
/** Maximum bytes of one entry, or of another text from a client. */
const SHOWN_BYTES = 256;

/** A JWT, which has the characters of a topic; its end may have been cut off. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]+(\.[\w-]*)?/g;

/**
 * Text for a log line, truncated to 256 bytes because clients choose it. Tokens are removed: a client may
 * send one as a topic or a cursor by mistake.
 */
export function loggedText(text: string): string {
  return truncated(text).replace(TOKEN, 'eyJ…');
}

function truncated(text: string): string {
  if (Buffer.byteLength(text) <= SHOWN_BYTES) return text;
  // A character that was cut becomes U+FFFD (three bytes) and is removed.
  return Buffer.from(text)
    .subarray(0, SHOWN_BYTES)
    .toString()
    .replace(/\uFFFD$/, '');
}

/**
 * A list as fields of a log line: the first 8 entries, and the total number if there are more.
 *
 * @param name the field's name in the plural; `topics` is counted by `topics_count`
 */
export function loggedList(name: string, entries: readonly string[]): Record<string, unknown> {
  const shown = entries.slice(0, SHOWN_ENTRIES).map(loggedText);
  return entries.length > shown.length
    ? { [name]: shown, [`${name}_count`]: entries.length }
    : { [name]: shown };
}
