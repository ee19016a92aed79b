import { deflateBlocks, storedBlocks } from './deflate-blocks.js';
import { HISTORY_BYTES } from './plain-history.js';

/** A place in what a channel has written to all its members: its offset, and the CRC up to there. */
export interface WrittenMark {
  readonly offset: number;
  readonly crc: number;
}

/** Who has received this much of the channel's last plaintext refers back to it. */
const SHORT_HISTORY_BYTES = 4 * 1024;
/** Below so many members, a small write goes stored: compressing it costs more than it saves. */
const FEW_MEMBERS = 4;
/** From so many members on, the longest history and the best ratio are worth their time. */
const MANY_MEMBERS = 32;
/** What is worth compressing for one member. */
const LARGE_BYTES = 1024;

/**
 * One write to all compressing members of a channel, compressed once for all that have the same
 * history (DESIGN §8). A member that joined or was written to alone has less in common with the
 * others: it refers back to less, or to nothing. So there are three forms at most, each made when the
 * first member needs it.
 */
export class SharedPiece {
  private readonly forms = new Map<number, Buffer>();

  /**
   * @param bytes the plaintext
   * @param history the plaintext before, as far as it is kept
   * @param members that compress
   */
  constructor(
    readonly start: WrittenMark,
    readonly end: WrittenMark,
    private readonly bytes: Buffer,
    private readonly history: Buffer,
    private readonly members: number,
  ) {}

  /** The deflate blocks for a member that has received everything since `since`. */
  after(since: WrittenMark): Buffer {
    const known = Math.min(this.start.offset - since.offset, this.history.length);
    const dictionaryBytes = this.dictionaryBytes(known);
    let form = this.forms.get(dictionaryBytes);
    if (form === undefined) {
      form = this.form(dictionaryBytes);
      this.forms.set(dictionaryBytes, form);
    }
    return form;
  }

  private dictionaryBytes(known: number): number {
    if (known >= HISTORY_BYTES && this.members >= MANY_MEMBERS) return HISTORY_BYTES;
    return known >= SHORT_HISTORY_BYTES ? SHORT_HISTORY_BYTES : 0;
  }

  private form(dictionaryBytes: number): Buffer {
    const { bytes, members } = this;
    if (members < FEW_MEMBERS && bytes.length < LARGE_BYTES) return storedBlocks(bytes);
    const effort = members >= MANY_MEMBERS ? 'best' : 'fast';
    const dictionary = dictionaryBytes === 0 ? undefined : this.history.subarray(-dictionaryBytes);
    return deflateBlocks(bytes, effort, dictionary);
  }
}

/**
 * How much plaintext a channel with so many compressing members keeps, in bytes. At most 4 KiB a
 * member, with the room that a history takes.
 */
export function historyBytes(members: number): number {
  if (members < FEW_MEMBERS) return 0;
  return members < MANY_MEMBERS ? SHORT_HISTORY_BYTES : HISTORY_BYTES;
}
