import { isUtf8 } from 'node:buffer';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIELD = Buffer.from('data: ');

/**
 * Whether a payload can be sent unchanged: UTF-8 without a carriage return. SSE treats one as the end of a
 * line, so the client could not restore it, and a publisher could inject fields.
 */
export function isRawText(payload: Uint8Array): boolean {
  return isUtf8(payload) && !payload.includes(CARRIAGE_RETURN);
}

/** Size of a payload's `data:` lines, including the last line feed. */
export function rawLinesLength(payload: Uint8Array): number {
  let lines = 1;
  for (let at = payload.indexOf(LINE_FEED); at !== -1; at = payload.indexOf(LINE_FEED, at + 1)) {
    lines++;
  }
  return payload.length + lines * FIELD.length + 1;
}

/**
 * Writes one `data:` line per line of a payload, and returns their end offset. The client joins the lines
 * with line feeds and so restores the exact payload, including an empty one or a final line feed.
 */
export function writeRawLines(target: Buffer, offset: number, payload: Uint8Array): number {
  let to = offset;
  let from = 0;
  for (;;) {
    const lineFeed = payload.indexOf(LINE_FEED, from);
    const end = lineFeed === -1 ? payload.length : lineFeed;
    target.set(FIELD, to);
    target.set(payload.subarray(from, end), to + FIELD.length);
    to += FIELD.length + end - from;
    target[to++] = LINE_FEED;
    if (lineFeed === -1) return to;
    from = lineFeed + 1;
  }
}
