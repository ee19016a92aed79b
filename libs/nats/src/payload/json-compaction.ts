import { endOfScalar, endOfString } from './json-tokens.js';

/** The grammar's next symbol. Numbers instead of an enum, because this runs for each byte outside a token. */
const VALUE = 0;
const VALUE_OR_END = 1;
const KEY = 2;
const KEY_OR_END = 3;
const COLON = 4;
const COMMA_OR_END = 5;
const NOTHING = 6;

const OBJECT = 1;
const ARRAY = 0;

/**
 * Removes the white space between JSON tokens and keeps everything else byte for byte: number formats,
 * escapes, duplicate keys and key order (contract §3). Undefined if the bytes are not JSON; accepts exactly
 * what `JSON.parse` accepts, at any nesting depth. The bytes must be valid UTF-8. A byte order mark is not
 * JSON, as for `JSON.parse`.
 *
 * One pass without building values, so there is never a second copy of a large document. Compact input is
 * returned itself, not copied.
 */
export function compactJson(data: Uint8Array): Uint8Array | undefined {
  const length = data.length;
  const open: number[] = [];
  let expected = VALUE;
  let at = 0;
  let kept: Uint8Array | undefined;
  let keptLength = 0;
  let runStart = 0;

  for (;;) {
    const spaceStart = at;
    while (at < length && isSpace(data[at]!)) at++;
    if (at > spaceStart) {
      kept ??= Buffer.allocUnsafe(length);
      keptLength = append(kept, keptLength, data, runStart, spaceStart);
      runStart = at;
    }
    if (at === length) break;

    const byte = data[at]!;
    switch (expected) {
      case VALUE_OR_END:
      case VALUE:
        if (byte === 0x7b) {
          open.push(OBJECT);
          expected = KEY_OR_END;
          at++;
        } else if (byte === 0x5b) {
          open.push(ARRAY);
          expected = VALUE_OR_END;
          at++;
        } else if (byte === 0x5d && expected === VALUE_OR_END) {
          expected = afterClosing(open);
          at++;
        } else {
          at = endOfScalar(data, at);
          if (at === -1) return undefined;
          expected = open.length === 0 ? NOTHING : COMMA_OR_END;
        }
        break;
      case KEY_OR_END:
      case KEY:
        if (byte === 0x22) {
          at = endOfString(data, at);
          if (at === -1) return undefined;
          expected = COLON;
        } else if (byte === 0x7d && expected === KEY_OR_END) {
          expected = afterClosing(open);
          at++;
        } else {
          return undefined;
        }
        break;
      case COLON:
        if (byte !== 0x3a) return undefined;
        expected = VALUE;
        at++;
        break;
      case COMMA_OR_END: {
        const container = open[open.length - 1];
        if (byte === 0x2c) expected = container === OBJECT ? KEY : VALUE;
        else if (byte === (container === OBJECT ? 0x7d : 0x5d)) expected = afterClosing(open);
        else return undefined;
        at++;
        break;
      }
      default:
        return undefined;
    }
  }
  if (expected !== NOTHING) return undefined;
  if (kept === undefined) return data;
  return kept.subarray(0, append(kept, keptLength, data, runStart, length));
}

function afterClosing(open: number[]): number {
  open.pop();
  return open.length === 0 ? NOTHING : COMMA_OR_END;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Indented JSON consists of many short runs, for which a loop is cheaper than a call to `set`. */
function append(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  from: number,
  to: number,
): number {
  if (to - from > 64) {
    target.set(source.subarray(from, to), at);
  } else {
    for (let index = from; index < to; index++) target[at + index - from] = source[index]!;
  }
  return at + to - from;
}
