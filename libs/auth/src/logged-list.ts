/** Entries of a list that a log line shows (contract §8). */
const SHOWN_ENTRIES = 8;
/** Bytes of one entry, or of another text that a stranger chose. */
const SHOWN_BYTES = 256;

/** Text for a log line: cut at 256 bytes, since strangers choose it. */
export function loggedText(text: string): string {
  if (Buffer.byteLength(text) <= SHOWN_BYTES) return text;
  // A character that was cut in half becomes U+FFFD, three bytes: dropped.
  return Buffer.from(text)
    .subarray(0, SHOWN_BYTES)
    .toString()
    .replace(/\uFFFD$/, '');
}

/**
 * A list as fields of a log line: the first 8 entries, and how many there are when there are more.
 *
 * @param name the field's name, in the plural: `topics` is counted by `topics_count`
 */
export function loggedList(name: string, entries: readonly string[]): Record<string, unknown> {
  const shown = entries.slice(0, SHOWN_ENTRIES).map(loggedText);
  return entries.length > shown.length
    ? { [name]: shown, [`${name}_count`]: entries.length }
    : { [name]: shown };
}
