import { isUtf8 } from 'node:buffer';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const FIELD = Buffer.from('data: ');

/**
 * Whether a payload can be sent as it is: UTF-8 without a carriage return. SSE takes one for the end
 * of a line, so a client could not get it back, and a publisher could write fields of his own.
 */
export function isRawText(payload: Uint8Array): boolean {
  return isUtf8(payload) && !payload.includes(CARRIAGE_RETURN);
}

/** Bytes of the `data:` lines of a payload, the last line feed included. */
export function rawLinesLength(payload: Uint8Array): number {
  let lines = 1;
  for (let at = payload.indexOf(LINE_FEED); at !== -1; at = payload.indexOf(LINE_FEED, at + 1)) {
    lines++;
  }
  return payload.length + lines * FIELD.length + 1;
}

/**
 * Writes one `data:` line for each line of a payload, and returns where they end. A client joins them
 * with line feeds: it gets the payload back to the byte, an empty one and a last line feed included.
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
