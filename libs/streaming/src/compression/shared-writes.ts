import { crc32 } from 'node:zlib';
import { PlainHistory } from './plain-history.js';
import { keepsHistory, SharedPiece, type WrittenMark } from './shared-piece.js';

const NOTHING = Buffer.alloc(0);

/** What a channel writes to all its compressing members, one piece after the other. */
export class SharedWrites {
  private mark: WrittenMark = { offset: 0, crc: 0 };
  private history: PlainHistory | undefined;

  /**
   * The next write.
   *
   * @param members that compress
   */
  next(bytes: Buffer, members: number): SharedPiece {
    if (!keepsHistory(members)) this.history = undefined;
    else this.history ??= new PlainHistory();
    const start = this.mark;
    const end = { offset: start.offset + bytes.length, crc: crc32(bytes, start.crc) };
    const piece = new SharedPiece(start, end, bytes, this.history?.tail ?? NOTHING, members);
    this.mark = end;
    this.history?.append(bytes);
    return piece;
  }
}
