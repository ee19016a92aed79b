import { deflateBlocks, storedBlocks } from './deflate-blocks.js';
import { HISTORY_BYTES } from './plain-history.js';

/** A position in a channel's shared writes: its offset, and the CRC up to there. */
export interface WrittenMark {
  readonly offset: number;
  readonly crc: number;
}

/** Members that have received this much of the channel's last plaintext use it as their dictionary. */
const SHORT_HISTORY_BYTES = 4 * 1024;
/** With fewer members, small writes are stored: compressing them costs more than it saves. */
const FEW_MEMBERS = 4;
/** From this number of members on, the longest history and the best ratio pay off. */
const MANY_MEMBERS = 32;
/** Minimum size worth compressing for one member. */
const LARGE_BYTES = 1024;

/**
 * One write to all compressing members of a channel, compressed once for all members with the same history
 * (DESIGN §8). A member that joined recently, or received data of its own, shares less history and uses a
 * shorter dictionary or none. So there are at most three encodings, each created on first use.
 */
export class SharedPiece {
  private readonly forms = new Map<number, Buffer>();

  /**
   * @param bytes the plaintext
   * @param history the retained plaintext before it
   * @param members number of compressing members
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
 * How much plaintext a channel keeps, by its number of compressing members, in bytes: at most 4 KiB per
 * member, including free space.
 */
export function historyBytes(members: number): number {
  if (members < FEW_MEMBERS) return 0;
  return members < MANY_MEMBERS ? SHORT_HISTORY_BYTES : HISTORY_BYTES;
}
