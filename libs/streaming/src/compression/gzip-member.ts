import { crc32 } from 'node:zlib';
import type { Segment } from '../channel/segment.js';
import { shiftCrc } from './crc-shift.js';
import { GZIP_HEADER, gzipTrailer, storedBlocks } from './deflate-blocks.js';
import type { SharedPiece, WrittenMark } from './shared-piece.js';

/**
 * The gzip member of one connection (contract §13), without a compressor of its own. It joins blocks that
 * were compressed for all clients with blocks for this connection alone. It tracks the length and CRC of
 * the plaintext, and its place in the channel's writes; the CRC of those writes is added when the member
 * leaves them.
 */
export class GzipMember {
  private isBegun = false;
  private crc = 0;
  private length = 0;
  private joined: WrittenMark | undefined;
  private at: WrittenMark | undefined;

  /** Encodes data for this connection alone, uncompressed: heartbeats, the connected event, ends. */
  own(bytes: Buffer): Buffer {
    this.settle();
    this.crc = crc32(bytes, this.crc);
    this.length += bytes.length;
    return this.begin(storedBlocks(bytes));
  }

  /** Encodes a segment, which is compressed once for all its receivers. */
  segment(segment: Segment): Buffer {
    if (segment.shared !== undefined) return this.begin(this.follow(segment.shared));
    this.settle();
    this.crc = crc32(segment.bytes, this.crc);
    this.length += segment.bytes.length;
    return this.begin(segment.deflated);
  }

  /** Ends the member. */
  end(): Buffer {
    this.settle();
    return this.begin(gzipTrailer(this.crc, this.length));
  }

  private follow(piece: SharedPiece): Buffer {
    if (this.at !== piece.start) {
      this.settle();
      this.joined = piece.start;
    }
    this.at = piece.end;
    return piece.after(this.joined ?? piece.start);
  }

  /**
   * Adds the shared writes to the connection's own CRC. Let J be the channel's CRC at the mark where this
   * member joined, and A the one it has reached: the CRC of the bytes between is `A ^ shift(J)`. So a
   * shared write costs no computation.
   */
  private settle(): void {
    const { at, joined } = this;
    if (at === undefined || joined === undefined) return;
    const length = at.offset - joined.offset;
    this.crc = (shiftCrc((this.crc ^ joined.crc) >>> 0, length) ^ at.crc) >>> 0;
    this.length += length;
    this.at = undefined;
    this.joined = undefined;
  }

  private begin(blocks: Buffer): Buffer {
    if (this.isBegun) return blocks;
    this.isBegun = true;
    return Buffer.concat([GZIP_HEADER, blocks]);
  }
}
