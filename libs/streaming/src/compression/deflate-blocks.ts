import { constants, deflateRawSync } from 'node:zlib';

/** The header of a gzip member (RFC 1952): deflate, no name, no time, unknown system. */
export const GZIP_HEADER: Buffer = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** Maximum size of a stored block. */
const STORED_BYTES = 0xffff;
const STORED_HEADER_BYTES = 5;
/** The last block: empty, with a fixed code. */
const FINAL_BLOCK = [0x03, 0x00];
/** Smaller segments hardly shrink without a dictionary. */
const SMALL_BYTES = 1024;
/** Up to this size, the best ratio costs tens of microseconds; above it, three times as much as the fastest. */
const CHEAP_BYTES = 16 * 1024;

/** How much work a compression may take: `best` for data that many clients receive. */
export type Effort = 'best' | 'fast';

/** Encodes bytes as stored deflate blocks: 5 bytes of overhead per 64 KiB, byte-aligned. */
export function storedBlocks(bytes: Buffer): Buffer {
  const blocks = Math.ceil(bytes.length / STORED_BYTES);
  const stored = Buffer.allocUnsafe(bytes.length + blocks * STORED_HEADER_BYTES);
  let at = 0;
  for (let from = 0; from < bytes.length; from += STORED_BYTES) {
    const length = Math.min(STORED_BYTES, bytes.length - from);
    stored[at] = 0;
    stored.writeUInt16LE(length, at + 1);
    stored.writeUInt16LE(~length & 0xffff, at + 3);
    bytes.copy(stored, at + STORED_HEADER_BYTES, from, from + length);
    at += STORED_HEADER_BYTES + length;
  }
  return stored;
}

/**
 * Encodes bytes as deflate blocks that end with a sync flush: byte-aligned, decodable on arrival, and
 * joinable with blocks before and after. Stored if compression does not pay.
 *
 * @param dictionary the plaintext immediately before these bytes, the same for all their receivers
 */
export function deflateBlocks(bytes: Buffer, effort: Effort, dictionary?: Buffer): Buffer {
  if (dictionary === undefined && bytes.length < SMALL_BYTES) return storedBlocks(bytes);
  const level = effort === 'best' || bytes.length <= CHEAP_BYTES ? 6 : 1;
  const deflated = deflateRawSync(bytes, {
    level,
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary !== undefined && { dictionary }),
  });
  return deflated.length < bytes.length ? deflated : storedBlocks(bytes);
}

/** Ends the deflate stream and the gzip member. */
export function gzipTrailer(crc: number, length: number): Buffer {
  const trailer = Buffer.alloc(FINAL_BLOCK.length + 8);
  trailer.set(FINAL_BLOCK);
  trailer.writeUInt32LE(crc >>> 0, FINAL_BLOCK.length);
  trailer.writeUInt32LE(length % 2 ** 32, FINAL_BLOCK.length + 4);
  return trailer;
}
