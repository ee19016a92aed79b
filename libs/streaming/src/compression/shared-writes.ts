import { crc32 } from 'node:zlib';
import { PlainHistory } from './plain-history.js';
import { historyBytes, SharedPiece, type WrittenMark } from './shared-piece.js';

const NOTHING = Buffer.alloc(0);

/** A channel's writes to all its compressing members, in order. */
export class SharedWrites {
  private mark: WrittenMark = { offset: 0, crc: 0 };
  private history: PlainHistory | undefined;

  /**
   * Adds the next write.
   *
   * @param members number of compressing members
   */
  next(bytes: Buffer, members: number): SharedPiece {
    this.keep(historyBytes(members));
    const start = this.mark;
    const end = { offset: start.offset + bytes.length, crc: crc32(bytes, start.crc) };
    const piece = new SharedPiece(start, end, bytes, this.history?.tail ?? NOTHING, members);
    this.mark = end;
    this.history?.append(bytes);
    return piece;
  }

  private keep(limit: number): void {
    const known = this.history;
    if (limit === (known?.limit ?? 0)) return;
    this.history = limit === 0 ? undefined : new PlainHistory(limit);
    if (known !== undefined) this.history?.append(known.tail);
  }
}
