import { InvalidTokenError } from './auth.errors.js';

/** A parsed but unverified token in compact form. */
export interface CompactToken {
  readonly text: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Maximum token size in bytes. Base64 adds a third, so decoded parts cannot exceed 6 KiB. */
export const MAX_TOKEN_BYTES = 8 * 1024;

const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * Parses a token, more strictly than the libraries that verify signatures. Input that two parsers could
 * interpret differently (loose base64, duplicate keys, invalid UTF-8) never reaches them.
 *
 * @throws InvalidTokenError `oversized`, `malformed` or `critical_header`
 */
export function parseCompactToken(text: string): CompactToken {
  if (Buffer.byteLength(text) > MAX_TOKEN_BYTES) throw new InvalidTokenError('oversized');
  const [, header, payload, signature] = COMPACT.exec(text) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) {
    throw new InvalidTokenError('malformed');
  }
  decode(signature);
  const token = { text, header: jsonObject(decode(header)), payload: jsonObject(decode(payload)) };
  if (Object.hasOwn(token.header, 'crit') || Object.hasOwn(token.header, 'b64')) {
    throw new InvalidTokenError('critical_header');
  }
  return token;
}

/** Strict base64url: no padding, no stray bits in the last character. */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw new InvalidTokenError('malformed');
  return bytes;
}

function jsonObject(bytes: Buffer): Record<string, unknown> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the token, so it is dropped.
    throw new InvalidTokenError('malformed');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidTokenError('malformed');
  }
  if (writtenKeys(text) !== keptKeys(value)) throw new InvalidTokenError('malformed');
  return value as Record<string, unknown>;
}

/** Number of keys in the text of valid JSON: strings followed by a colon. */
function writtenKeys(text: string): number {
  let keys = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:)?/g)) if (colon) keys += 1;
  return keys;
}

/**
 * Number of keys in the parsed value, where repeated ones count once. Iterative, because 6 KiB of JSON can
 * be deeply nested.
 */
function keptKeys(root: object): number {
  let keys = 0;
  const open: object[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const members: unknown[] = Object.values(value);
    if (!Array.isArray(value)) keys += members.length;
    for (const member of members) {
      if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
  return keys;
}
