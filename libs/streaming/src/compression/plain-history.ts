/** The largest distance that deflate can refer back to. */
export const HISTORY_BYTES = 32 * 1024;
/** Free space after the history, in multiples of it, so that it is rarely moved. */
const ROOM = 3;

/**
 * The last plaintext of a channel, for dictionaries. Uses at most four times the memory of its content.
 * Bytes are only added after the end of earlier views, so views stay valid.
 */
export class PlainHistory {
  private block = Buffer.alloc(0);
  private used = 0;

  /** @param limit how many bytes are kept, at most `HISTORY_BYTES` */
  constructor(readonly limit: number) {}

  /** A view of the last bytes, up to the limit. */
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
