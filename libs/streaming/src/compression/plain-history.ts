/** As far as deflate can refer back. */
export const HISTORY_BYTES = 32 * 1024;
/** Room for new bytes behind the history, so that it is moved rarely. */
const ROOM_BYTES = 96 * 1024;
const FIRST_BLOCK_BYTES = 8 * 1024;

/**
 * The last plaintext of a channel, for dictionaries. Grows with what is written, up to 128 KiB. Bytes
 * are only ever added behind what a view shows, so that a view stays right for ever.
 */
export class PlainHistory {
  private block = Buffer.alloc(0);
  private used = 0;

  /** The last bytes, 32 KiB at most; a view. */
  get tail(): Buffer {
    return this.block.subarray(Math.max(0, this.used - HISTORY_BYTES), this.used);
  }

  append(bytes: Buffer): void {
    const added = bytes.length > HISTORY_BYTES ? bytes.subarray(-HISTORY_BYTES) : bytes;
    if (this.used + added.length > this.block.length) this.move(added.length);
    added.copy(this.block, this.used);
    this.used += added.length;
  }

  private move(added: number): void {
    const { tail } = this;
    const wanted = Math.max(FIRST_BLOCK_BYTES, 2 * (tail.length + added));
    this.block = Buffer.allocUnsafeSlow(Math.min(HISTORY_BYTES + ROOM_BYTES, wanted));
    tail.copy(this.block);
    this.used = tail.length;
  }
}
