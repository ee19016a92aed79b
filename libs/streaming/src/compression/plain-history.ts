/** As far as deflate can refer back. */
export const HISTORY_BYTES = 32 * 1024;
/** Room for new bytes behind the history, in histories, so that it is moved rarely. */
const ROOM = 3;

/**
 * The last plaintext of a channel, for dictionaries. Takes at most four times of what it keeps. Bytes
 * are only ever added behind what a view shows, so that a view stays right for ever.
 */
export class PlainHistory {
  private block = Buffer.alloc(0);
  private used = 0;

  /** @param limit how much is kept, in bytes: `HISTORY_BYTES` at most */
  constructor(readonly limit: number) {}

  /** The last bytes, up to the limit; a view. */
  get tail(): Buffer {
    return this.block.subarray(Math.max(0, this.used - this.limit), this.used);
  }

  append(bytes: Buffer): void {
    const added = bytes.length > this.limit ? bytes.subarray(-this.limit) : bytes;
    if (this.used + added.length > this.block.length) this.move(added.length);
    added.copy(this.block, this.used);
    this.used += added.length;
  }

  private move(added: number): void {
    const { tail } = this;
    const wanted = 2 * (tail.length + added);
    const most = this.limit * (1 + ROOM);
    this.block = Buffer.allocUnsafeSlow(Math.min(most, wanted));
    tail.copy(this.block);
    this.used = tail.length;
  }
}
