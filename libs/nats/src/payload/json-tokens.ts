const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const LETTER_U = 0x75;

/** 1 for bytes that are special inside a JSON string: a quote, a backslash, or a control character. */
const SPECIAL = new Uint8Array(256).fill(1, 0, 0x20);
SPECIAL[QUOTE] = 1;
SPECIAL[BACKSLASH] = 1;

const SIMPLE_ESCAPES = new Set(Buffer.from('"\\/bfnrt'));

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/**
 * The end (exclusive) of the JSON string, number or literal that starts at `from`, or -1 if there is none
 * (RFC 8259). Bytes from 0x80 on are accepted, because the caller has validated the UTF-8.
 */
export function endOfScalar(data: Uint8Array, from: number): number {
  switch (data[from]!) {
    case QUOTE:
      return endOfString(data, from);
    case LETTER_T:
      return endOfLiteral(data, from, TRUE);
    case LETTER_F:
      return endOfLiteral(data, from, FALSE);
    case LETTER_N:
      return endOfLiteral(data, from, NULL);
    default:
      return endOfNumber(data, from);
  }
}

/** The end of the string that starts at `from`, or -1; a lone `\uD800` is valid JSON. */
export function endOfString(data: Uint8Array, from: number): number {
  const length = data.length;
  let at = from + 1;
  while (at < length) {
    const byte = data[at]!;
    if (SPECIAL[byte] === 0) {
      at++;
    } else if (byte === QUOTE) {
      return at + 1;
    } else if (byte === BACKSLASH) {
      const escaped = at + 1 < length ? data[at + 1]! : 0;
      if (escaped === LETTER_U) {
        if (!isHex4(data, at + 2)) return -1;
        at += 6;
      } else if (SIMPLE_ESCAPES.has(escaped)) {
        at += 2;
      } else {
        return -1;
      }
    } else {
      return -1;
    }
  }
  return -1;
}

function endOfNumber(data: Uint8Array, from: number): number {
  let at = from;
  if (byteAt(data, at) === 0x2d) at++;
  if (byteAt(data, at) === 0x30) at++;
  else if ((at = endOfDigits(data, at)) === -1) return -1;
  if (byteAt(data, at) === 0x2e && (at = endOfDigits(data, at + 1)) === -1) return -1;
  if ((byteAt(data, at) | 0x20) === 0x65) {
    const sign = byteAt(data, at + 1);
    at = endOfDigits(data, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
  }
  return at;
}

/** One or more digits. */
function endOfDigits(data: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(byteAt(data, at))) at++;
  return at === from ? -1 : at;
}

function endOfLiteral(data: Uint8Array, from: number, literal: Uint8Array): number {
  const end = from + literal.length;
  if (end > data.length) return -1;
  for (let at = 0; at < literal.length; at++) {
    if (data[from + at] !== literal[at]) return -1;
  }
  return end;
}

function isHex4(data: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 4; at++) {
    const byte = byteAt(data, at);
    const letter = byte | 0x20;
    if (!isDigit(byte) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** 0 past the end, which is not part of any token. Reading a typed array out of bounds deoptimises the loop. */
function byteAt(data: Uint8Array, at: number): number {
  return at < data.length ? data[at]! : 0;
}
